export default {
  close: "关闭",
  cancel: "取消",
};

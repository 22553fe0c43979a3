/** The one origin the window shows. Everything else is refused. */
export const APP_SCHEME = "app";
export const APP_HOST = "meshdeck";
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;
export const APP_PAGE = `${APP_ORIGIN}/index.html`;

/* A window of WebKitGTK that shows one static page and does nothing else: what every app with a web view starts from.
 * With the argument "plain", pages are drawn without the graphics card, as in Latchkey's own window. */
#include <string.h>
#include <webkit2/webkit2.h>

static const char PAGE[] =
    "<!doctype html><html lang=en><meta charset=utf-8><title>Bare</title>"
    "<style>body{font:15px sans-serif;margin:3rem;background:#f6f7f4;color:#222}input,button{font:inherit;padding:.5rem}"
    "</style><h1>One static page</h1><p>It has a heading, a paragraph, two fields and a button, and no script.</p>"
    "<form><p><label>Name<br><input></label></p><p><label>Password<br><input type=password></label></p>"
    "<p><button type=button>Continue</button></p></form></html>";

int main(int argc, char **argv)
{
    gtk_init(&argc, &argv);
    GtkWidget *window = gtk_window_new(GTK_WINDOW_TOPLEVEL);
    gtk_window_set_default_size(GTK_WINDOW(window), 1120, 760);
    GtkWidget *view = webkit_web_view_new();
    if (argc > 1 && strcmp(argv[1], "plain") == 0)
        webkit_settings_set_hardware_acceleration_policy(webkit_web_view_get_settings(WEBKIT_WEB_VIEW(view)),
                                                         WEBKIT_HARDWARE_ACCELERATION_POLICY_NEVER);
    gtk_container_add(GTK_CONTAINER(window), view);
    g_signal_connect(window, "destroy", G_CALLBACK(gtk_main_quit), NULL);
    webkit_web_view_load_html(WEBKIT_WEB_VIEW(view), PAGE, NULL);
    gtk_widget_show_all(window);
    gtk_main();
    return 0;
}

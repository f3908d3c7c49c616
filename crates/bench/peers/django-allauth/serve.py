"""gunicorn with a worker for each core. It takes a free port, and says which."""

import os

from gunicorn.app.base import BaseApplication


class Served(BaseApplication):
    def load_config(self):
        self.cfg.set("bind", "127.0.0.1:0")
        self.cfg.set("workers", os.cpu_count())
        # Threads keep connections open between requests; the plain worker closes each, and whoever asks pays for it.
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("threads", 4)
        self.cfg.set("keepalive", 60)
        self.cfg.set("when_ready", said)

    def load(self):
        os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
        from django.core.wsgi import get_wsgi_application

        return get_wsgi_application()


def said(arbiter):
    address, port = arbiter.LISTENERS[0].sock.getsockname()
    print(f"listening on http://{address}:{port}", flush=True)


Served().run()

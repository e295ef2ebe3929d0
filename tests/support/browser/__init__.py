"""Real Chromium for tests: one browser for each worker, a context for each tab, wallets, and what must not happen.

`make install` installs it by npm. It brings its libraries and fonts, and runs as root and as an ordinary user.
"""

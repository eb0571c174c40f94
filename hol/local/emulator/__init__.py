"""The emulator (ministack) behind small typed functions: nothing else imports it."""

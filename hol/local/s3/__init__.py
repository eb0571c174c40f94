"""S3: what the emulator is kinder about than AWS, and website endpoints."""

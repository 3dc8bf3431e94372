"""Papers that the ward prints: content in, bytes out. No database here."""

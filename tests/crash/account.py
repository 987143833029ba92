"""What the hub and the vendor's stub know of each other. All of it is invented."""

ACCOUNT_SID = "AC" + "0" * 32
AUTH_TOKEN = "invented-token"
NUMBER = "+447700900498"
SECRET = "a secret for the crash test alone"

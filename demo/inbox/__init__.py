"""Where the demonstration's notices arrive: a mail server and a stand-in for GOV.UK Notify, shown as one inbox page."""

from demo.inbox.running import RunningInbox, start

__all__ = ["RunningInbox", "start"]

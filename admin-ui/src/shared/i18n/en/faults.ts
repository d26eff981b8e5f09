/** Codes of the appliance's refusals; what is not here is told in the appliance's own words. */
export const faults = {
  "already-set-up": {
    what: "This appliance has an administrator",
    do: "Sign in; another administrator can reset a password.",
  },
  "setup-code-wrong": {
    what: "The set-up code is not right",
    do: "It stands in the terminal where the appliance started, and works once.",
  },
  "sign-in-refused": {
    what: "User name or password is not right",
    do: "Check capitals and keyboard layout. After several failures sign-in pauses for a while.",
  },
  locked: {
    what: "Too many failed attempts: the account is locked for now",
    do: "Wait a little, or ask an administrator.",
  },
  "too-many-sign-ins": { what: "Too many sign-ins", do: "Wait a minute and try again." },
  "too-many": { what: "Too many requests", do: "Wait a little and try again." },
  "not-signed-in": { what: "You are no longer signed in", do: "Sign in again; what is on the page stays." },
  "not-allowed": {
    what: "Your role may not do this",
    do: "If your work needs it, ask an administrator to change your role.",
  },
  "not-found": { what: "This record was not found", do: "It may have been deleted, or the address is incomplete." },
  "article-not-found": { what: "This article is gone", do: "Somebody may just have deleted it: refresh the list." },
  "article-incomplete": {
    what: "The article is not complete",
    do: "It needs a title, at least one question and an answer.",
  },
  "in-use": {
    what: "Something else still uses it",
    do: "First point the numbers, flows or queues that use it elsewhere.",
  },
  "commissioning-running": { what: "A commissioning call is running", do: "Wait for its end." },
  "conversation-not-writable": {
    what: "This conversation cannot be answered",
    do: "It may have ended, or is not a web chat.",
  },
  "conversation-busy": { what: "The conversation is busy", do: "Send it again in a second." },
  "recording-missing": {
    what: "There is no recording of this message",
    do: "It was not kept, or its time is over. Go by the transcript.",
  },
  "recording-damaged": {
    what: "The recording is damaged and cannot be played",
    do: "Restore it from a backup, and look at system health.",
  },
  "rule-id-twice": { what: "Two rules have the same name", do: "Give each rule a name of its own." },
  "invalid-input": { what: "Something is not valid: see the marked fields", do: "" },
  "too-large": { what: "This is too large", do: "Split it and send the parts." },
  "verify-running": { what: "A verification is running", do: "Wait for its end, then verify again." },
  "cursor-invalid": { what: "The place in the list is no longer valid", do: "Start from the first page." },
  "cross-site-request": {
    what: "The request came from another site and was refused",
    do: "Open the console at its own address.",
  },
  "wrong-host": { what: "This is not the console's address", do: "Use the configured address of the console." },
  "password-too-short": {
    what: "The password is too short",
    do: "Three or four unrelated words are long and easy to remember.",
  },
  "password-too-long": { what: "The password is too long", do: "Shorten it." },
  "password-common": {
    what: "This is one of the first passwords anyone would try",
    do: "Choose words that nobody would guess together.",
  },
  "password-contains-username": {
    what: "The password contains the user name",
    do: "Choose words that have nothing to do with the account.",
  },
  "password-too-simple": {
    what: "The password is a run or a repetition of few characters",
    do: "Three or four unrelated words are long and easy to remember.",
  },
  "address-invalid": {
    what: "This is neither an IP address nor a network",
    do: "Write 192.0.2.10, 2001:db8::10 or 192.0.2.0/24.",
  },
  "address-taken": {
    what: "This address belongs to another trunk",
    do: "A source address leads to one trunk: remove it there first.",
  },
  "address-too-wide": { what: "This network holds every address", do: "Name the PBX, or use digest authentication." },
  "greeting-missing": { what: "There is no greeting", do: "It is what callers hear first: write one." },
  "password-missing": { what: "Digest authentication needs a password", do: "Set a password." },
  "password-short": { what: "The password is too short", do: "Use a longer one." },
  "pattern-taken": {
    what: "This pattern is mapped already for this trunk",
    do: "Change the entry that is there, or choose another number or trunk.",
  },
  "queue-missing": { what: "Handing over needs a queue", do: "Make one first and choose it here." },
  "queue-unknown": { what: "This queue does not exist", do: "Make it first, or choose another." },
  "flow-unknown": { what: "This flow does not exist", do: "Make it first, or choose another." },
  "trunk-unknown": { what: "This trunk does not exist", do: "Make it first, or choose another." },
  "phone-unknown": { what: "This phone does not exist", do: "Make it first, or choose another." },
  "text-missing": { what: "This key says nothing", do: "Write what is spoken." },
  "trunk-unidentified": {
    what: "The trunk has neither an address nor a user name",
    do: "Give its address, or a user name and password.",
  },
  "peer-missing": { what: "Registering needs an address", do: "Enter the PBX's address or domain." },
  "account-missing": { what: "Registering needs an account", do: "Enter the user name that the PBX gave us." },
  "username-missing": { what: "A PBX that registers needs a user name", do: "Choose one for it." },
  "host-invalid": {
    what: "This is neither an IP address nor a host name",
    do: "Write 192.0.2.10 or pbx.bank.example; the port has a field of its own.",
  },
  "sip-uri-invalid": { what: "This is not a SIP URI", do: "Write it such as sip:sbc.bank.example;lr." },
  "user-invalid": { what: "A SIP user cannot have these characters", do: "Use letters, digits and + . _ -." },
  "pem-invalid": {
    what: "No certificate can be read here",
    do: "Paste it whole, from BEGIN CERTIFICATE to END CERTIFICATE, and no key.",
  },
  "port-odd": { what: "The first port has to be even", do: "Audio takes even ports, its RTCP the odd one above." },
  "port-range": {
    what: "The range of ports does not do",
    do: "Begin at 1024 or above, with 20 ports at least; both 0: the machine's range.",
  },
  "min-se-above": {
    what: "Min-SE is above Session-Expires",
    do: "Lower it, or raise Session-Expires; else every call is refused with 422.",
  },
  "hunt-code": {
    what: "Going on after this answer is of no use",
    do: "Leave it out: the next address would say the same.",
  },
  "rule-invalid": {
    what: "This is not a pattern",
    do: "Digits, + in front, X for any digit, a final * for the rest: 0755XXXXXXXX or 9*.",
  },
  "rule-unreachable": { what: "A rule above has the same pattern", do: "Delete one of the two." },
  "strip-too-long": { what: "More is taken off than the pattern has", do: "Strip no more than the pattern names." },
  "number-invalid": { what: "A number cannot have these characters", do: "Use digits, *, # and +." },
  "time-zone-unknown": { what: "There is no such time zone", do: "Write an IANA name such as Asia/Shanghai." },
  "hours-backwards": {
    what: "The end is not after the beginning",
    do: "Hours over midnight are two entries: until 24:00, and from 00:00.",
  },
  "hours-overlap": { what: "Two entries of this day overlap", do: "Join them, or move one." },
  "day-invalid": { what: "There is no such day", do: "Choose a day that exists." },
  "days-backwards": { what: "The last day is before the first", do: "Swap or correct them." },
  "calendar-unknown": { what: "This calendar does not exist", do: "Make it first, or choose another." },
  "closed-flow-missing": { what: "While closed the number leads nowhere", do: "Choose the flow that answers then." },
  "revision-unknown": { what: "This revision is not kept any more", do: "The latest 50 are; load the history again." },
  "doctor-running": { what: "This trunk is being tried out", do: "Wait until it has ended." },
  "capture-away": {
    what: "The process that keeps these packets is away",
    do: "See System; signalling alone needs only the SIP server.",
  },
  duplicate: { what: "There is one like it already", do: "Choose another." },
};

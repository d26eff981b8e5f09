/** What is wrong and what to do, by the code of the alarm; `values` fill the sentence. */
export const alarms = {
  severity: { info: "Note", warning: "Warning", critical: "Critical" },
  "process-down": {
    what: "The process {{process}} is not running ({{problem}})",
    do: "It is restarted by itself. If it is not back in a few minutes, run npm run status on the server.",
  },
  "process-degraded": {
    what: "{{process}} runs degraded: {{problem}}",
    do: "Everything else goes on. What to do stands under System health and Models.",
  },
  "store-failed": {
    what: "The store cannot be written: {{problem}}",
    do: "No acknowledged record is lost. Check disk space and hardware, then restart the appliance.",
  },
  "audit-unavailable": {
    what: "The audit log cannot be written, so audited actions are refused: {{problem}}",
    do: "Check disk space and hardware, then restart the appliance; callers are served by the keypad menu.",
  },
  "records-damaged": {
    what: "Records are damaged: {{problem}}",
    do: "Keep this machine as it is and restore the damaged records from a backup; all others stay usable.",
  },
  "disk-low": {
    what: "Only {{freePercent}}% of the disk is free",
    do: "Free or add space. Before it is full new calls are refused; old records are not lost.",
  },
  "certificate-expires": {
    what: "The console's certificate expires in {{days}} days",
    do: "Put a new one in place before (setting appliance.tlsCertPath).",
  },
  "trunk-down": {
    what: "The trunk “{{trunk}}” is down ({{problem}})",
    do: "Open it under Trunks and start the doctor: it tells address, account, certificate or network, and what to change.",
  },
  "trunk-degraded": {
    what: "The trunk “{{trunk}}” is partly up ({{problem}})",
    do: "Calls take its other addresses; look at the one that does not answer.",
  },
  "trunk-certificate": {
    what: "The certificate of the trunk “{{trunk}}” holds for {{days}} more days",
    do: "Have it renewed on the other side before then, or TLS calls will fail.",
  },
  "clock-stepped": {
    what: "The system clock jumped by {{ms}} ms",
    do: "Check time synchronisation; the order of the audit log is unharmed, its times may be off.",
  },
};

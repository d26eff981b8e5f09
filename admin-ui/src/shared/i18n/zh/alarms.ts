/** What is wrong and what to do, by the code of the alarm; `values` fill the sentence. */
export const alarms = {
  severity: { info: "提示", warning: "警告", critical: "严重" },
  "process-down": {
    what: "{{process}} 进程没有运行（{{problem}}）",
    do: "守护程序会自动重启它。几分钟后仍未恢复，请在服务器上运行 npm run status 查看原因。",
  },
  "process-degraded": {
    what: "{{process}} 降级运行：{{problem}}",
    do: "其余功能照常。处理办法见“系统健康”与“模型”。",
  },
  "store-failed": {
    what: "数据存储无法写入：{{problem}}",
    do: "已确认的记录没有丢失。请检查磁盘空间与硬件，再重启设备。",
  },
  "audit-unavailable": {
    what: "留痕无法写入，需要留痕的操作已停止办理：{{problem}}",
    do: "请检查磁盘空间与硬件，再重启设备；来电仍按按键菜单接待。",
  },
  "records-damaged": {
    what: "有记录损坏：{{problem}}",
    do: "请保留现场，从备份恢复损坏的记录；其余记录照常可用。",
  },
  "disk-low": {
    what: "磁盘剩余空间只有 {{freePercent}}%",
    do: "请清理或扩容。写满之前会先停止接入新来电，不会丢旧记录。",
  },
  "certificate-expires": {
    what: "控制台证书将在 {{days}} 天后到期",
    do: "请在到期前换上新证书（配置项 appliance.tlsCertPath）。",
  },
  "trunk-down": {
    what: "中继“{{trunk}}”中断（{{problem}}）",
    do: "在“中继与号码”打开它做一次体检：会说明是地址、账号、证书还是网络，以及怎样改。",
  },
  "trunk-degraded": {
    what: "中继“{{trunk}}”部分可用（{{problem}}）",
    do: "呼叫会走其余的地址；请查看没有应答的那一个。",
  },
  "trunk-certificate": {
    what: "中继“{{trunk}}”对方的证书还有 {{days}} 天到期",
    do: "请对方在到期前换上新证书，否则 TLS 呼叫会中断。",
  },
  "clock-stepped": {
    what: "系统时钟跳变了 {{ms}} 毫秒",
    do: "请检查时间同步服务；留痕的顺序不受影响，但时间可能有偏差。",
  },
};

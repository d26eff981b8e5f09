import type { Language } from "@intramuros/contracts";
import { englishWords, stem } from "./english-words.ts";

/**
 * Words that mean the same to a bank's customer. A group's name is the concept that stands for each of its phrases; a phrase is in
 * one group only. Sites will edit these; what follows is built in.
 */
export type SynonymGroups = Readonly<Record<string, readonly string[]>>;

const group = (phrases: string): readonly string[] => phrases.split("|").map((phrase) => phrase.trim());

const ENGLISH: SynonymGroups = {
  transfer: group(
    "moving funds | move out of | transfer | transfer money | send money | sending money | money sent | wire | wire money | wire transfer | bank transfer | remit | remittance | move money | moving money | move funds | send funds | sending | send | sent",
  ),
  limit: group(
    "the most money i can | most money | the most | highest | how much am i able to | how much am i allowed to | limit | limits | limited | maximum | max | cap | ceiling | how much money can i | how much can i | how much may i | the most i can | most can i | highest amount | largest amount | upper limit | allowance | as much as",
  ),
  daily: group(
    "daily | per day | a day | in one day | each day | every day | one day | single day | within a day | in a day | day | 24 hours",
  ),
  card: group("card | bank card | debit card | plastic | debit"),
  creditcard: group("credit card | credit cards"),
  lost: group(
    "lost | lose | missing | misplaced | can not find | cannot find | gone | left my | stolen | steal | stole | theft | took my | robbed | taken | dropped | disappeared | mislaid",
  ),
  block: group("block | freeze | suspend | deactivate | disable | stop my card"),
  unblock: group(
    "unblock | unlock | unfreeze | lift the block | remove the block | found my card | found the card | located my card | working again | use it again | work again",
  ),
  locked: group(
    "is blocked | was blocked | been blocked | got blocked | locked | lock | frozen | is locked | is frozen | froze",
  ),
  newcard: group("new card | new debit card | new bank card | card arrived | card came"),
  activate: group("turn it on | switch it on | activated | activate | activation | enable | switch on | turn on"),
  start: group("start using | first use | set up | setup | register | sign up | enrol | enroll"),
  pin: group("pin | pin number | pin code | secret code | personal identification number"),
  password: group("password | passcode | passphrase | login password"),
  forgot: group(
    "forgot | forgotten | forget | do not remember | can not remember | cannot remember | not remember | lost my password",
  ),
  login: group(
    "log in | log on | sign in | login | logon | logging in | signing in | log into | sign into | access my account",
  ),
  change: group("change | reset | modify | update | alter | edit | different"),
  fee: group(
    "annual fee | yearly fee | fee | fees | charge | charges | cost | costs | price | how expensive | expensive | free | how much is | how much are | how much does | how much do | how much do you charge | how much will | commission | pay for | do i pay | have to pay",
  ),
  replace: group(
    "send another one | another one | replace | replacement | another card | substitute | damaged | broken | cracked | worn | does not work | not working | snapped | demagnetised",
  ),
  abroad: group(
    "foreign country | foreign countries | germany | japan | spain | france | italy | usa | america | united states | england | uk | britain | canada | australia | korea | thailand | singapore | europe | hong kong | abroad | overseas | foreign | international | internationally | outside the country | another country | other country | other countries | travel | travelling | traveling | trip | holiday | vacation | going away",
  ),
  arrive: group(
    "shown up | showed up | how many hours | how much time | show up | got there | come in | how long | how soon | how many days | how fast | arrive | arrived | arrives | reach | reached | received | show up | come through | take | takes | taking | when will | when does my money | delivery | processing time | duration | speed",
  ),
  wrong: group(
    "to a stranger | unknown person | wrong | mistake | mistaken | mistakenly | incorrect | by accident | accidentally | error | someone else | to the wrong person | in error | typo",
  ),
  cancel: group(
    "stop the | stop my | stop this | cancel | stop a | revoke | undo | recall | call back the | reverse | take back | cancellation | call off",
  ),
  hours: group(
    "how late | opening hours | opening times | business hours | working hours | office hours | hours | open | opened | opening | close | closed | closing | what time | shut",
  ),
  weekend: group("weekend | weekends | saturday | sunday | public holiday | public holidays | bank holiday"),
  branch: group("branch | branches | office | location | outlet | counter | nearest bank"),
  where: group(
    "close to | close by | closeby | where | nearest | closest | near me | nearby | address | locate | find a | close to me | around here",
  ),
  atm: group(
    "atm | atms | cash machine | cash machines | cashpoint | cash point | teller machine | machine | cash dispenser",
  ),
  withdraw: group(
    "withdraw | withdrawal | withdrawals | take out | cash out | take cash | get cash | draw money | draw cash | taking out",
  ),
  swallowed: group(
    "swallowed | swallow | ate | eaten | eat | kept my card | retained | stuck | captured | keeps my card | not give back",
  ),
  account: group("account | accounts | bank account | savings account | current account"),
  openaccount: group(
    "open an account | open account | opening an account | open a account | open a bank account | new account | new customer | become a customer | open a savings account | open a current account | join",
  ),
  closeaccount: group(
    "close my account | close an account | close account | closing my account | closing an account | terminate my account | end my account | shut my account | delete my account | close the account",
  ),
  balance: group(
    "how much is in | how much is left | how much is on | how much have i got | balance | how much money do i have | how much money is | how much do i have | funds left | money left | available funds",
  ),
  statement: group(
    "list of my transactions | list of transactions | statement | statements | account history | transaction history | bank statement | bank statements | past transactions | transaction list | proof of transactions",
  ),
  loan: group("loan | loans | borrow | borrowing | lend | lending | personal loan"),
  mortgage: group(
    "mortgage | mortgages | home loan | house loan | housing loan | buy a house | buy a home | buy a flat | property loan",
  ),
  repay: group(
    "repay | repayment | pay off | payoff | settle | pay back | instalment | installment | early repayment | early | ahead of time | ahead of schedule",
  ),
  interest: group("interest | interest rate | interest rates | rate of interest | yield | return on savings | earn on"),
  deposit: group("deposit | fixed deposit | time deposit | term deposit | savings | save | saving"),
  app: group(
    "app | mobile app | mobile banking | phone banking app | application on my phone | bank app | smartphone app | online banking | internet banking",
  ),
  install: group("install | download | installing | downloading | app store"),
  phone: group(
    "phone | phone number | mobile number | telephone | telephone number | cell phone | mobile | cell | handset | sim",
  ),
  complain: group(
    "complain | complaint | complaints | complaining | dissatisfied | unhappy | file a complaint | lodge | feedback | not happy | grievance",
  ),
  fraud: group(
    "took money from | taken money from | money was taken | stole money | stolen money | fraud | fraudulent | scam | scammed | scammer | phishing | suspicious | unauthorised | unauthorized | hacked | do not recognise | do not recognize | not recognise | not recognize | never made | not make | cheated | fake | fraudster | tricked | did not make | swindled",
  ),
  payment: group(
    "transaction | transactions | payment | payments | purchase | purchases | spent | spending | debited | deduction",
  ),
  exchange: group(
    "dollar rate | euro rate | rate of the dollar | rate for dollars | dollar exchange rate | exchange | exchange rate | exchange rates | currency | foreign currency | convert | dollars | dollar | euros | euro | usd | forex | yen | pounds",
  ),
  document: group(
    "document | documents | paperwork | papers | bring | identification | passport | identity card | id card | proof of identity | id",
  ),
  address: group(
    "change the address | the address changed | address has changed | have moved to a new house | have moved to a new home | have moved to a new place | moved to a new place | moved to a new house | moved to a new home | have moved | moved home | change my address | home address | postal address | moved house | new address | mailing address | update my address",
  ),
  declined: group(
    "declined | rejected | refused | not accepted | did not go through | failed | fail | fails | would not accept | does not go through | turned down",
  ),
  limitup: group("raise | increase | higher | bigger | more than | go up | lift | boost | larger"),
  customer: group("customer service | hotline | call you | contact you | reach you | customer services | contact"),
  certificate: group("certificate | letter | proof of deposit | proof of funds | proof of balance"),
};

const CHINESE: SynonymGroups = {
  转账: group(
    "转的账 | 转的钱 | 汇的款 | 汇的钱 | 打的钱 | 打的款 | 转的款 | 转个账 | 转一笔 | 转账 | 转帐 | 汇款 | 打款 | 转钱 | 汇钱 | 打钱 | 转出去 | 转出 | 转过去 | 转走 | 转给 | 汇出 | 汇到 | 转到 | 能转 | 可以转 | 可转 | 汇给 | 打给 | 转 | 汇",
  ),
  限额: group("不能超过 | 不得超过 | 超过多少 | 限额 | 额度 | 上限 | 最多 | 最高 | 最大金额 | 限制 | 封顶 | 限度"),
  每日: group("每天 | 每日 | 一天 | 单日 | 一日 | 当天 | 当日 | 日限额"),
  银行卡: group("银行卡 | 借记卡 | 储蓄卡 | 卡片 | 卡子 | 我的卡 | 卡"),
  信用卡: group("信用卡 | 贷记卡"),
  丢失: group(
    "掉在 | 弄不见 | 掉到 | 丢失 | 丢了 | 弄丢 | 遗失 | 不见了 | 找不到了 | 找不到 | 被偷 | 被盗 | 掉了 | 丢 | 没了 | 偷走 | 偷了 | 落在 | 不见",
  ),
  挂失: group("报失 | 挂失了 | 挂失 | 冻结 | 锁定 | 锁卡 | 停用 | 停卡"),
  解除: group("解除挂失 | 取消挂失 | 撤销挂失 | 解锁 | 解冻 | 解除 | 找到了 | 又找到 | 找回来了 | 恢复使用"),
  被锁: group("被锁 | 锁住 | 锁了 | 被锁定 | 锁上 | 被冻结 | 锁"),
  新卡: group("新卡 | 新办的卡 | 新的卡 | 新银行卡"),
  跨行: group("跨行 | 别的银行 | 其他银行 | 他行 | 别家银行 | 外行 | 其它银行"),
  激活: group("激活 | 开通 | 启用 | 开卡 | 启动"),
  密码: group("密码 | 口令 | 密码码"),
  忘记: group("忘记 | 忘了 | 不记得 | 想不起来 | 记不住 | 记不得 | 忘掉 | 记不清"),
  登录: group("登录 | 登陆 | 登不上 | 登不进 | 登不了 | 进不去 | 登入 | 登"),
  修改: group("更新 | 换了 | 换掉 | 换 | 修改 | 更改 | 变更 | 重置 | 更换 | 改成 | 换成 | 改一下 | 重设 | 改"),
  费用: group(
    "收不收费 | 收费不收费 | 收不收 | 手续费 | 费用 | 收费 | 收钱 | 要钱 | 多少费 | 免费 | 扣费 | 工本费 | 年费 | 服务费 | 花多少钱 | 要多少钱 | 收多少钱 | 收多少 | 怎么收 | 贵不贵 | 花钱",
  ),
  补办: group(
    "补一张 | 补张卡 | 裂痕 | 裂了 | 断成 | 断裂 | 坏掉 | 坏 | 换新 | 补办 | 补卡 | 换卡 | 换新卡 | 重新办卡 | 换一张 | 损坏 | 坏了 | 断了 | 消磁 | 刷不出来 | 折断 | 用不了",
  ),
  境外: group(
    "韩国 | 泰国 | 新加坡 | 加拿大 | 澳大利亚 | 澳洲 | 德国 | 法国 | 香港 | 境外 | 国外 | 海外 | 出国 | 外国 | 国际 | 跨境 | 国外旅游 | 旅游 | 旅行 | 美国 | 日本 | 欧洲 | 英国",
  ),
  到账: group(
    "还没到 | 没有到 | 没收到 | 没有收到 | 未到账 | 多长 | 到账 | 到帐 | 多久 | 多长时间 | 几天 | 多少天 | 什么时候能到 | 什么时候到 | 什么时候能收到 | 收到 | 没到 | 几时到 | 何时到 | 几个工作日 | 要等 | 时效",
  ),
  错误: group("转错 | 错了 | 错账户 | 打错 | 汇错 | 弄错 | 输错 | 填错 | 转给别人 | 错误 | 搞错 | 错人 | 错"),
  撤销: group("撤销 | 撤回 | 取消 | 追回 | 退回 | 反悔 | 不想转 | 要回来 | 要回 | 拿回来 | 撤"),
  营业时间: group(
    "营业时间 | 上班时间 | 工作时间 | 几点开门 | 几点关门 | 几点上班 | 几点下班 | 开门 | 关门 | 营业 | 几点 | 上班 | 下班 | 开到几点",
  ),
  周末: group("周末 | 周六 | 周日 | 星期六 | 星期天 | 星期日 | 节假日 | 礼拜天 | 礼拜六 | 假期 | 国庆 | 春节"),
  网点: group("网点 | 支行 | 分行 | 营业厅 | 营业部 | 柜台 | 门店 | 银行网点 | 营业网点"),
  哪里: group("哪里 | 在哪 | 哪儿 | 哪有 | 附近 | 最近的 | 地址 | 位置 | 怎么找 | 离我最近 | 怎么走 | 什么地方"),
  取款机: group("atm | 取款机 | 自动取款机 | 柜员机 | 提款机 | 自助机 | atm机 | 自动柜员机 | 机器"),
  取款: group("取款 | 取钱 | 取现 | 提现 | 提款 | 取现金 | 取多少钱 | 取多少 | 取"),
  吞卡: group("吃掉 | 吃进去 | 吞卡 | 吞了 | 被吞 | 吃了 | 吃卡 | 卡住 | 不退卡 | 没退 | 不吐卡 | 吞"),
  账户: group("账户 | 帐户 | 账号 | 户头 | 帐号"),
  开户: group(
    "新开一个账户 | 新开账户 | 开一个新账户 | 开户 | 开账户 | 开个户 | 开个账户 | 新开户 | 开一个账户 | 开立账户 | 办卡 | 办张卡 | 办一张卡 | 办一张 | 申请卡 | 新办",
  ),
  销户: group("账户注销 | 把账户注销 | 销户 | 注销 | 关闭账户 | 注销账户 | 不用这个账户 | 销卡 | 注销卡 | 销掉"),
  余额: group("余额 | 还有多少钱 | 剩多少钱 | 有多少钱 | 还剩多少 | 卡里的钱 | 剩多少"),
  明细: group("流水 | 明细 | 账单 | 对账单 | 交易记录 | 流水单 | 银行流水 | 对帐单 | 账目 | 收支"),
  贷款: group("贷款 | 借款 | 借钱 | 信用贷 | 消费贷 | 贷"),
  房贷: group("房贷 | 按揭 | 住房贷款 | 买房 | 购房贷款 | 房屋贷款 | 购房"),
  还款: group("还款 | 提前还 | 还清 | 提前还款 | 还贷 | 结清 | 提前结清 | 还钱 | 提前"),
  利率: group("利率 | 利息 | 年化 | 收益率 | 利率是多少"),
  存款: group("存款 | 定期 | 定存 | 活期 | 存钱 | 定期存款 | 储蓄 | 存定期 | 存"),
  手机银行: group("银行软件 | 银行的软件 | 手机银行 | 手机app | app | 客户端 | 网银 | 网上银行 | 手机软件"),
  下载: group("下载 | 安装 | 装 | 应用商店"),
  手机号: group("手机号 | 手机号码 | 电话号码 | 预留手机 | 预留手机号 | 号码 | 换手机 | 换号 | 手机"),
  代办: group("代办 | 替我 | 代我 | 代替我 | 帮我去 | 让别人 | 别人替"),
  投诉: group("投诉 | 举报 | 不满意 | 意见 | 态度差 | 态度不好 | 反映问题 | 反映 | 差评"),
  诈骗: group(
    "诈骗 | 被骗 | 骗子 | 骗了 | 盗刷 | 可疑 | 不是我操作 | 不是我本人 | 不是我 | 陌生交易 | 骗 | 钓鱼 | 假冒 | 冒充 | 不认识的交易",
  ),
  交易: group("交易 | 消费 | 扣款 | 支付 | 付款 | 刷卡"),
  外币: group("外币 | 外汇 | 汇率 | 换汇 | 美元 | 欧元 | 兑换 | 换美元 | 日元 | 结汇 | 购汇 | 换钱 | 牌价 | 换点"),
  材料: group("材料 | 证件 | 资料 | 身份证 | 护照 | 带什么 | 手续 | 带上 | 要带"),
  失败: group("失败 | 被拒 | 拒绝 | 不成功 | 刷不了 | 付不了 | 交易失败 | 没成功 | 刷不成"),
  提高: group("往上调 | 调大 | 调上去 | 提高 | 调高 | 提升 | 增加 | 加大 | 提额 | 调整 | 更高 | 多转"),
  客服: group("客服电话 | 热线 | 客服热线 | 联系你们 | 打什么电话 | 联系方式"),
  证明: group("证明 | 存款证明 | 资产证明 | 开证明 | 资信证明"),
  地址变更: group("地址怎么改 | 地址改 | 换个地址 | 改地址 | 地址变更 | 搬家 | 通讯地址 | 联系地址 | 换地址"),
};

/**
 * Concepts that people need for anything in life: by themselves they do not show that a question is about this bank, so they
 * weigh less beside words that no article knows ("I lost my keys").
 */
export const GENERIC_CONCEPTS: ReadonlySet<string> = new Set(
  [
    group(
      "lost | where | forgot | start | change | arrive | cancel | hours | weekend | limitup | wrong | replace | declined | install | document | password | phone | abroad | daily | fee | activate | locked | address | app",
    ),
    group(
      "丢失 | 哪里 | 忘记 | 修改 | 到账 | 错误 | 撤销 | 营业时间 | 周末 | 失败 | 提高 | 下载 | 材料 | 密码 | 手机号 | 境外 | 每日 | 费用 | 激活 | 销户 | 被锁 | 登录 | 地址变更",
    ),
  ].flat(),
);

export const BUILT_IN_SYNONYMS: Readonly<Record<Language, SynonymGroups>> = { en: ENGLISH, zh: CHINESE };

/** For English: the phrases as stems, the longest first, by their first stem. */
export type EnglishSynonyms = ReadonlyMap<
  string,
  readonly { readonly stems: readonly string[]; readonly concept: string }[]
>;

export function compileEnglish(groups: SynonymGroups): EnglishSynonyms {
  const byFirst = new Map<string, { stems: string[]; concept: string }[]>();
  for (const [concept, phrases] of Object.entries(groups)) {
    for (const phrase of phrases) {
      const stems = englishWords(phrase).map(stem);
      if (stems.length === 0) continue;
      byFirst.set(stems[0]!, [...(byFirst.get(stems[0]!) ?? []), { stems, concept }]);
    }
  }
  for (const entries of byFirst.values()) entries.sort((a, b) => b.stems.length - a.stems.length);
  return byFirst;
}

/** For Chinese: the phrases as they are written, the longest first, by their first character. */
export type ChineseSynonyms = ReadonlyMap<string, readonly { readonly phrase: string; readonly concept: string }[]>;

export function compileChinese(groups: SynonymGroups): ChineseSynonyms {
  const byFirst = new Map<string, { phrase: string; concept: string }[]>();
  for (const [concept, phrases] of Object.entries(groups)) {
    for (const raw of phrases) {
      const phrase = raw.normalize("NFKC").toLowerCase();
      const first = phrase[0];
      if (first !== undefined) byFirst.set(first, [...(byFirst.get(first) ?? []), { phrase, concept }]);
    }
  }
  for (const entries of byFirst.values()) entries.sort((a, b) => b.phrase.length - a.phrase.length);
  return byFirst;
}

import type { Language } from "@intramuros/contracts";

/** What a customer says to the conversation itself rather than asks of the bank. */
export type Cue =
  | "yes"
  | "no"
  | "person"
  | "no-person"
  | "repeat"
  | "greeting"
  | "thanks"
  | "who-are-you"
  | "how-are-you"
  | "goodbye"
  | "nothing-else"
  /** Wants to complain. */
  | "complaint"
  /** Is dissatisfied aloud, perhaps around a question. */
  | "upset"
  | "help"
  | "first"
  | "second"
  | "third";

/** The whole utterance, without politeness and punctuation, is one of these. */
const WHOLE: Readonly<Record<Language, readonly (readonly [Cue, RegExp])[]>> = {
  en: [
    [
      "nothing-else",
      /^(no )?(that is|that's|thats|that was|that will be|that would be|that'll be) (all|it|everything)( (for now|i need(ed)?|for today))?$/,
    ],
    [
      "nothing-else",
      /^(no )?(nothing( else| more)?|i am (good|done|all set|fine)|i'm (good|done|all set|fine)|all good|all done|nope that is all)$/,
    ],
    [
      "yes",
      /^((yes|yeah|yep|yup|yah|ya|sure|okay|ok|correct|right|exactly|absolutely|definitely|certainly|indeed|affirmative)( (yes|yeah|sure|please|that is (right|it|correct)|that's (right|it|correct)|that one|i (do|would)( like (that|to))?|do that|go ahead|it is))*|please do|go ahead|do (it|that)|that is (right|correct|it)|that's (right|correct)|that would be (great|good|nice)|i would( like that)?|of course|why not|sounds good|please|mhm|uh huh|of course yes)$/,
    ],
    [
      "no",
      /^((no|nope|nah|not really|negative|no way)( (no|nope|thanks|not that|that is not it|that's not it|that is (wrong|not right)|i do not|i don't|it is not|not now|it is not that))*|i do not|i don't|not now|none of (these|those|them)|neither( of (them|these|those))?|none|wrong|that is not (it|right|what i (meant|mean|asked))|that's not (it|right|what i (meant|mean|asked))|something else|not that)$/,
    ],
    ["first", /^(the )?(first|1|one|1st|former|number (1|one)|option (1|one))( (one|option|please))?$|^one$/],
    ["third", /^(the )?(third|3|three|3rd|number (3|three)|option (3|three))( (one|option|please))?$/],
    ["second", /^(the )?(second|2|two|2nd|latter|number (2|two)|option (2|two)|last)( (one|option|please))?$|^two$/],
    [
      "greeting",
      /^((hello|hi|hey|hiya|greetings|howdy|good (morning|afternoon|evening|day))( (there|again|everyone|bank|assistant))?)+$/,
    ],
    [
      "how-are-you",
      /^(hello |hi |hey )?(how are you( doing| today)*|how is it going|how do you do|are you (ok|okay|well)|what is up|what's up)$/,
    ],
    [
      "thanks",
      /^((many |ok |okay |great |perfect |cool |alright |wonderful |got it |good )*(thanks?( you)?|thank you|thx|ty|cheers|much appreciated|appreciate it)( (so|very) much| a lot| again| for (your|the) help| for that| bye)*|great|perfect|got it|i see|understood|that helps|that helped|very helpful|wonderful|awesome)$/,
    ],
    [
      "goodbye",
      /^((ok |okay |thanks |thank you |alright )*(good ?bye|bye( bye)?|see you( later| soon)?|have a (nice|good) (day|one|evening|weekend)|talk to you later|so long|farewell|hang up))+( bye| then| now)*$/,
    ],
    [
      "who-are-you",
      /^(who|what) (are|is) (you|this|there|speaking|that)$|^(who|what) am i (talking|speaking|chatting) (to|with)$|^am i (talking|speaking|chatting) (to|with) (a |an )?(real )?(robot|bot|machine|computer|ai|human|person)$|^are you (a |an )?(real )?(robot|bot|machine|computer|ai|human|person|real|chatbot|artificial intelligence)( person| or (a )?(human|person|robot|machine))?$|^is this (a |an )?(real )?(robot|bot|machine|human|person|ai|recording)( or (a )?\w+)?$|^(what is|what's) your name$|^(do you have|have you got) a name$/,
    ],
    [
      "help",
      /^(help( me)?|i need (some )?help|can you help( me)?|i have (a|another|one more) (question|problem)|what can you do|what can i ask( you)?|how can you help( me)?|what do you know|menu|options|can i ask (you )?(something|a question)|i have a question for you)$/,
    ],
    [
      "yes",
      /^(alright|all right|confirm(ed)?|positive|absolutely correct|that is (very |so )?(true|accurate|fine|great)|it is true|very true|i agree|let us do (it|that)|you got it)$/,
    ],
    [
      "no",
      /^(naw|nay|not at all|definitely not|absolutely not|i (do not )?think (so|not)|(that is |it is )?(not true|incorrect|false)|do not do that|no no no)$/,
    ],
    [
      "thanks",
      /^((thank you|thanks)( (so |very )?(very )?much| a lot| kindly)?( for (the|your|helping|that|this|all|answering)( \w+){0,3})?|(i (really |do )?appreciate (it|that|(your|the) (help|assistance|time)))( thank you| thanks)?|(you have been|that was|that is) (a (big|great) help|(very |so |really )?helpful)( thank you| thanks)?( (so|very) much)?)$/,
    ],
    [
      "goodbye",
      /^(.{1,40} )?(good ?bye|bye( bye)?|see (ya|you)( later| soon| around| again)?|take care|talk to you later)$/,
    ],
    [
      "who-are-you",
      /^(.{1,30} )?are you (really |actually )?(a |an )?(real|live|actual|human|bot|robot|ai|computer|machine|automated|artificial|alive)\b.{0,40}$|^am i (really )?(talking|speaking|chatting) (to|with) (a |an )?(real|live|human|bot|robot|ai|computer|machine|person)\b.{0,30}$|^((can|could|may) (i|you) )?((please )?(tell|give) me |have |know )your name$|^what (should|can|do|may) i call you$|^what are you called$/,
    ],
  ],
  zh: [
    [
      "nothing-else",
      /^(好的?)?(没有?(了|别的(问题)?了?|其他(问题)?了?|什么(事|问题)?了?|事(了)?|问题了)|就这些了?|就这样(吧|了)?|没别的了?|暂时没有了?|不需要了|不用了没事了?|没问题了)(谢谢)?$/,
    ],
    [
      "no",
      /^(不|不是(的|这个)?|不对|没有|不用(了)?|不要(了)?|不需要|不必(了)?|算了(吧)?|都不是|不是我要的|不行|不想|否|错了?|先不(用|要)?(了)?|不(用|要|必)(了)?(谢谢)?|别(了)?|都不对|不是这些)(谢谢)?$/,
    ],
    [
      "yes",
      /^((对|是|好|行|可以|嗯+|要|需要|没错|是的|对的|好的|好啊|好吧|行吧|可以的|当然|当然可以|确认|确定|对对|是是|麻烦了|请|没问题|嗯嗯|中|成|ok|okay|要的|需要的|对啊|是啊|想|愿意|正是|就是(这个)?|是这个|对就是)(的|呀|啊|吧|呢)?)+(谢谢|麻烦(你|您)?(了)?)?$/,
    ],
    ["first", /^(第?(一|1)个?|前(面|一个|者)(的|那个)?|选(一|1)|第一个吧)$/],
    ["third", /^(第?(三|3)个?|选(三|3)|第三个吧)$/],
    ["second", /^(第?(二|2|两)个?|后(面|一个|者)(的|那个)?|选(二|2)|最后一个|第二个吧)$/],
    ["how-are-you", /^(你好吗|您好吗|最近(怎么样|好吗)|吃了吗)$/],
    [
      "greeting",
      /^((你|您)好|你们好|哈喽|哈啰|嗨|喂|早上好|早安|上午好|中午好|下午好|晚上好|hello|hi|在吗|在不在|有人吗|早|大家好|在么)+$/,
    ],
    [
      "goodbye",
      /^(谢谢|好的|那|行|好|嗯)*(再见|拜拜|拜|回头见|下次再聊|挂了|先这样|先挂了|bye|bye ?bye|我挂了|回见)+(啊|吧|了)?$/,
    ],
    [
      "thanks",
      /^(好的?|行|嗯|ok|太好了|非常|十分|明白|知道|懂|了|那|就|多)*(谢谢|感谢|多谢|辛苦|谢了|谢啦|麻烦你|麻烦您)(你|您|了|啊|你们|您的帮助|你的帮助|大家)*$|^(明白了?|知道了?|懂了|了解了?|清楚了?|收到|太好了|好的?(明白|知道|谢谢)了?|原来如此|很有帮助)$/,
    ],
    [
      "who-are-you",
      /^(你|您|请问你|请问您)?是(谁|什么|哪位|哪里|机器人|真人|人|ai|人工智能|智能客服|电脑|人工|客服|活人)(吗|么|嘛|啊|呀|还是(真)?人|还是机器人|还是机器)?$|^你(叫什么|叫什么名字|贵姓|的名字)(是什么)?$|^(这|对面|那边)?是(机器人|真人|录音|人工智能|机器)(吗|么|还是真人)?$|^你是机器还是人$/,
    ],
    [
      "help",
      /^(帮(助|帮我|我|忙)(一下)?|你能(做|干)(什么|啥|些什么)|你会(什么|做什么|啥)|我有(个|一个|点|些)?(问题|事|疑问)|(我)?(想|要)?(咨询|问)(一下|个问题|点事|一个问题|你个问题)?|菜单|你能帮我(做)?什么|可以问(你)?什么|能帮(我|个)(一下|忙)?吗?)$/,
    ],
  ],
};

/** Somewhere in the utterance. */
const PERSON: Readonly<Record<Language, readonly RegExp[]>> = {
  en: [
    /\b(speak|talk|chat|speaking|talking|connect|connected|transfer|transferred|put|pass|switch|get|give|reach|want|need|like|have|prefer|rather)\b.{0,40}\b(human( being)?|real (human|person|agent|one)|live (agent|person|operator)|(an?|the|your|any|some) (agent|operator|representative|rep|adviser|advisor|supervisor|manager|employee|colleague)|an actual person|customer (service|support|care)( agent| person| representative)?|staff( member)?)\b/,
    /\b(speak|talk|chat|speaking|talking|connect|connected|put|pass|get|give|reach|want|need|prefer|rather)\b.{0,40}\b(a person|to (some )?(people|somebody|someone))\b/,
    /^(an? )?((real|live|human) )?(agent|operator|representative|human|person|real person|customer service|human being|supervisor|staff|manager|somebody real|support agent|customer service agent|customer service representative|agents?)( agent| operator)*$/,
    /\b(connect|transfer|put) me (to|through|with)\b(?!.*\b(account|card)\b)/,
    /\b(not|no|stop)\b.{0,25}\b(robot|bot|machine|computer)s?\b/,
    /\b(someone|somebody) (real|human|who can help)\b|\bcan i (speak|talk) (to|with) (someone|somebody|anyone|anybody|a man|a woman)\b|\blet me (speak|talk) (to|with)\b|\bi (want|need|would like|wanna) to (speak|talk) (to|with) (someone|somebody|anyone|you guys)\b|\bhuman (please|agent|service|operator|support)\b|\bis there (anyone|anybody|someone|a human|a person) (i can|to|there)\b/,
  ],
  zh: [
    /(接|找|叫|换|请|要)(一下|一个|个)?人工|转(接)?(到|给|去)?(个|一个|一下)?(人工|真人|客服|坐席|座席)|人工(服务|客服|坐席|座席|台|接听)|^(我)?(要|找|接|想要|想找|换|请|叫|来)?(个)?人工(吧|呢|啊|谢谢)?$|真人(客服|服务|接听)|(找|要|换|叫|接|来|转|想要)(个|一个|一位)?(真人|活人|客服人员|工作人员|客服|接线员|客户经理|经理|领导|你们经理|负责人|人来|人跟我|人和我|人说|人接)|(和|跟|同)(一个|个)?(真人|人工|活人|客服|工作人员|人)(来)?(说|讲|谈|聊|通话|沟通|对话)|不(想|要|愿意)?(跟|和|同)(机器人?|ai|电脑|人工智能)(说|讲|聊|谈)|转人工|^(客服|接线员|人工|真人|人工人工)+$|有没有(真)?人(工)?(接|在|能|可以)/,
  ],
};

/** Asks what we are; it may name the person that it does not ask for. */
const ABOUT_US: Readonly<Record<Language, RegExp>> = {
  en: /\b(if you are|are you|am i (talking|speaking|chatting) (to|with)|is this) (really |actually )?(a |an )?(real |live |actual )?(human|bot|robot|ai|computer|machine|person)\b/,
  zh: /你(到底|究竟)?是(不是)?(一个|个)?(真人|机器人|人工|机器|ai|电脑)(吗|么|还是|嘛|$)/,
};

const NO_PERSON: Readonly<Record<Language, RegExp>> = {
  en: /\b(no|not|without)\b.{0,12}\b(an? )?(agent|human|person|operator|colleague)\b(?!.*\b(robot|bot|machine)\b)/,
  zh: /(不用|不要|别|不需要|不想|先不|不必)(再)?(给我)?(转(接)?(人工|真人|客服)?|人工|找人)/,
};

const REPEAT: Readonly<Record<Language, RegExp>> = {
  en: /^(say (that|it) again|(can|could) you (please )?(repeat|say) (that|it)( again)?|repeat( that| it)?|pardon( me)?|(i )?beg your pardon|what did you say|once (more|again)|again|come again|(sorry )?what|what was that|(i )?(did not|didn't|could not|couldn't|cannot|can't|can not) (hear|catch|get|understand) (that|you|it|what you said)|one more time|excuse me|huh|sorry)$|^(.{0,30} )?((repeat|say) (that|it|yourself|this|the last \w+|what you (just )?said)( again| once more| one more time| over)?|please repeat|(did not|could not) (quite )?((hear|catch) (you|that|it)|get (you|that)))( please| for me| say (it|that) again)*$/,
  zh: /^(再说一(遍|次|下)|重复一(遍|次|下)|你(刚才?)?说(的)?(什么|啥)|没听清(楚)?|(我)?没听(清|见|懂|明白)|再(讲|来|念)一(遍|次)|什么|啥|能再说一(遍|次)吗|重复|刚才说(的)?(什么|啥)|(请)?(你|您)再说一(遍|次|下)(吗|吧|好吗|可以吗)?|听不清(楚)?|(可以|能)(再)?重复一(遍|下)吗|没听到)$/,
};

const COMPLAINT: Readonly<Record<Language, RegExp>> = {
  en: /\bi (want|wish|need|would like|wanna|am going) to (complain|(make|file|lodge|submit|raise) a (formal )?complaint)\b|\bi have a complaint\b|\bi am complaining\b/,
  zh: /(我|就|必须|一定|坚决)(要|得|想)(去)?(投诉|举报)|要投诉(你们|他|她|这)|^投诉$|(我)?有(个)?投诉/,
};

const UPSET: Readonly<Record<Language, RegExp>> = {
  en: /\b((this|it|that) is (just |so |completely |totally |absolutely )?(unacceptable|outrageous|ridiculous|a disgrace|disgraceful|a joke|a scandal|terrible|awful)|(terrible|awful|horrible|worst|lousy|rude|disgusting|useless) (service|bank|experience|staff|treatment|customer service|app|machine|robot)|you people|(very|so|extremely|really) (unhappy|dissatisfied|disappointed|angry|annoyed|frustrated)|fed up|sick of (this|you|your)|waste of time|had enough)\b/,
  zh: /态度(太|很|真|非常|特别)?(差|恶劣|不好)|(太|真|什么破|什么烂)(差劲|烂|糟|垃圾|过分|坑|气人|恶心|不像话)|垃圾(银行|服务|软件)|(太|很|非常|十分|极其)(不满意|不满|失望|差劲|过分|气人|生气|恼火|糟糕)|气死|受够|忍无可忍|什么态度|不像话|岂有此理|破银行|烂银行|服务太差|太差了/,
};

/** Politeness around what matters, per language; taken off both ends until nothing is left to take. */
const AROUND: Readonly<Record<Language, RegExp>> = {
  en: /^(um+|uh+|er+|well|so|oh|ah|hmm+|please|just|but|and|like|sorry but|excuse me but) |( please| thanks| thank you| mate| sir| madam| then)$/,
  zh: /^(嗯+|呃+|那个|额+|啊|哦|噢|那|请|麻烦|请问|就|喂|唉|哎)(?=.)|(?<=.)(吧|啊|呀|哈|哦|呢|嘛|谢谢|啦|拜托|一下吧)$/,
};

/** Lower case, letters and digits only, apostrophes kept in English; no spaces in Chinese. */
function plainOf(text: string, language: Language): string {
  const lower = text.normalize("NFKC").toLowerCase().replace(/[’`]/g, "'");
  if (language === "zh") {
    const compact = lower.replace(/[^\p{L}\p{N}]+/gu, "");
    return compact;
  }
  return lower
    .replace(/[^\p{L}\p{N}']+/gu, " ")
    .replace(/\b(can't|cannot)\b/g, "can not")
    .replace(/n't\b/g, " not")
    .replace(/'(m)\b/g, " am")
    .replace(/'(re)\b/g, " are")
    .replace(/'(d)\b/g, " would")
    .replace(/'(ve)\b/g, " have")
    .replace(/'(ll)\b/g, " will")
    .replace(/\b(that|what|this|how|it|who)'s\b/g, "$1 is")
    .trim();
}

function bare(plain: string, language: Language): string {
  for (let text = plain; ; ) {
    const next = text.replace(AROUND[language], "").trim();
    if (next === text || next === "") return text;
    text = next;
  }
}

/** Longer utterances hold a question; nobody says yes in forty words. */
const LONGEST_WHOLE = { en: 60, zh: 16 } as const;

const LEAD: Readonly<Record<Language, readonly [yes: RegExp, no: RegExp]>> = {
  en: [/^(yes|yeah|yep|yup|sure|correct|exactly)\b/, /^(no|nope|nah|not)\b/],
  zh: [/^(是的|对的|对啊|好的|可以|没错|嗯嗯)/, /^(不用|不要|不是|不需要|不对)/],
};

/** A yes or no at the head of more words: what they mean after a question of ours, when the words after it mean nothing to us. */
export function leadOf(text: string, language: Language): "yes" | "no" | null {
  const plain = bare(plainOf(text, language), language);
  const [yes, no] = LEAD[language];
  if (yes.test(plain)) return "yes";
  return no.test(plain) ? "no" : null;
}

/** The cue of an utterance; null when it is a question, or anything else that the knowledge must judge. */
export function cueOf(text: string, language: Language): Cue | null {
  const plain = plainOf(text, language);
  if (plain === "") return null;
  if (NO_PERSON[language].test(plain)) return "no-person";
  const isAboutUs = plain.length <= LONGEST_WHOLE[language] && ABOUT_US[language].test(plain);
  if (isAboutUs) return "who-are-you";
  if (PERSON[language].some((pattern) => pattern.test(bare(plain, language)))) return "person";
  if (plain.length <= LONGEST_WHOLE[language]) {
    for (const candidate of [plain, bare(plain, language)]) {
      if (REPEAT[language].test(candidate)) return "repeat";
      for (const [cue, pattern] of WHOLE[language]) if (pattern.test(candidate)) return cue;
    }
  }
  if (COMPLAINT[language].test(plain)) return "complaint";
  return UPSET[language].test(plain) ? "upset" : null;
}

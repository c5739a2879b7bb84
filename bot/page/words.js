// Every word of the page, in both languages; a third language is a third entry.

export const WORDS = {
  en: {
    language: "Language",
    menu: "Menu",
    theme: "Appearance",
    themeAuto: "Auto",
    themeLight: "Light",
    themeDark: "Dark",
    menuHelp: "What can you do?",
    menuWatchlist: "My watchlist",
    menuPerson: "Talk to a person",
    menuKept: "What do you keep about me?",
    menuExport: "Export my data",
    menuDelete: "Delete my data",
    older: "Earlier messages",
    welcomeTitle: "What shall we watch tonight?",
    welcomeText: "Ask for a film or a series the way you would ask a friend, or ask me anything about one.",
    prompts: [
      "A funny sci-fi from the 90s under two hours",
      "Something like Inception but lighter",
      "Who directed Heat?",
      "Films with Tony Leung and Maggie Cheung",
    ],
    conversation: "Conversation",
    inputLabel: "Your message",
    inputPlaceholder: "A film, a series, a mood…",
    send: "Send",
    hint: "Enter sends · Shift + Enter for a new line",
    down: "To the newest message",
    left: (n) => `${n} characters left`,
    over: (n) => `${n} characters too many`,
    sending: "Sending…",
    failed: "Not sent.",
    retry: "Try again",
    offline: "No connection. Trying again…",
    noSession: "Usher can't be reached right now. Trying again…",
    unexpected: "That didn't work.",
    you: "You",
    usher: "Usher",
    titles: (n) => (n === 1 ? "1 title" : `${n} titles`),
    previous: "Previous titles",
    next: "More titles",
    series: "Series",
    score: (n) => `Critics: ${n} of 10`,
    story: "The story",
    people: "Cast and crew",
    stars: (n) => (n === 1 ? "1 star" : `${n} stars`),
    rate: "Your rating",
    replies: "Suggested replies",
    download: (name) => `Download ${name}`,
    gone: "This file is no longer kept.",
    today: "Today",
    yesterday: "Yesterday",
    image: "Image",
  },
  zh: {
    language: "语言",
    menu: "菜单",
    theme: "外观",
    themeAuto: "自动",
    themeLight: "浅色",
    themeDark: "深色",
    menuHelp: "你能做什么？",
    menuWatchlist: "我的片单",
    menuPerson: "转人工",
    menuKept: "你保存了我的哪些信息？",
    menuExport: "导出我的数据",
    menuDelete: "删除我的数据",
    older: "更早的消息",
    welcomeTitle: "今晚看点什么？",
    welcomeText: "像问朋友一样告诉我想看什么，或者问我任何一部电影、剧集的事。",
    prompts: [
      "九十年代的科幻喜剧，两小时以内",
      "类似《盗梦空间》但轻松一点的",
      "《霸王别姬》是谁演的？",
      "诺兰拍过什么？",
    ],
    conversation: "对话",
    inputLabel: "你的消息",
    inputPlaceholder: "想看什么，尽管说",
    send: "发送",
    hint: "按 Enter 发送 · Shift + Enter 换行",
    down: "回到最新消息",
    left: (n) => `还可输入 ${n} 字`,
    over: (n) => `超出 ${n} 字`,
    sending: "发送中……",
    failed: "没有发出。",
    retry: "重试",
    offline: "网络断开，正在重连……",
    noSession: "暂时连不上 Usher，正在重试……",
    unexpected: "没有成功。",
    you: "你",
    usher: "Usher",
    titles: (n) => `${n} 部影片`,
    previous: "前面的影片",
    next: "后面的影片",
    series: "剧集",
    score: (n) => `影评人评分 ${n}，满分 10`,
    story: "剧情简介",
    people: "主创",
    stars: (n) => `${n} 星`,
    rate: "你的评分",
    replies: "快捷回复",
    download: (name) => `下载 ${name}`,
    gone: "这个文件已不再保存。",
    today: "今天",
    yesterday: "昨天",
    image: "图片",
  },
};

export const LOCALES = { en: "en", zh: "zh-CN" };

let current = "en";

/** The language of the page: "en" or "zh". */
export function language() {
  return current;
}

export function useLanguage(chosen) {
  current = chosen in WORDS ? chosen : "en";
}

/** The language the browser asks for. */
export function browserLanguage() {
  const asked = navigator.languages?.length ? navigator.languages : [navigator.language || "en"];
  for (const tag of asked) {
    const short = tag.toLowerCase().split("-")[0];
    if (short in WORDS) return short;
  }
  return "en";
}

/** A word or sentence of the page; some take a value. */
export function say(name, value) {
  const words = WORDS[current][name];
  return typeof words === "function" ? words(value) : words;
}

/** The language a text is written in, for its `lang` attribute. */
export function languageOf(text) {
  return /[\u3400-\u9fff\uf900-\ufaff]/.test(text) ? "zh" : "en";
}

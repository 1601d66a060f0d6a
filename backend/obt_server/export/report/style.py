"""The look of a report: calm on a screen, plain on paper."""

STYLE = """
:root{color-scheme:light dark;--page:#fbfbfc;--ink:#17181c;--soft:#4a4d57;--line:#dddfe5;--edge:#8b8f9b;
--good:#13683f;--warn:#7a5200;--bad:#a3232a;--code:#f1f2f5;
--s1:#0072b2;--s2:#d55e00;--s3:#009e73;--s4:#a8558a;--s5:#b87a00;--s6:#3292c8}
@media (prefers-color-scheme:dark){:root{--page:#111217;--ink:#eceef2;--soft:#b3b7c2;--line:#2c2f38;--edge:#6c707c;
--good:#63cf96;--warn:#e6b450;--bad:#f2807f;--code:#1a1c22;
--s1:#56b4e9;--s2:#e69f00;--s3:#1fb68d;--s4:#cc79a7;--s5:#f0e442;--s6:#e8702a}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:76rem;padding:2rem 1.5rem 4rem;background:var(--page);color:var(--ink);
font:14px/1.5 ui-sans-serif,system-ui,"Segoe UI","Liberation Sans",sans-serif}
h1{font-size:1.7rem;letter-spacing:-.02em;margin:0}
h2{font-size:1.15rem;margin:2.6rem 0 .7rem;padding-bottom:.35rem;border-bottom:1px solid var(--line)}
h3{font-size:1rem;margin:1.4rem 0 .4rem}h4{margin:1rem 0 .3rem;font-size:.93rem}
p{max-width:62rem;margin:.4rem 0}header p,.soft,figcaption{color:var(--soft)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.38rem .7rem .38rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;
overflow-wrap:break-word;max-width:28rem}
thead th{color:var(--soft);font-weight:500;font-size:.86rem;vertical-align:bottom;overflow-wrap:normal}
tbody th{font-weight:500}
.num{text-align:right;white-space:nowrap}.num small{color:var(--soft);display:block;font-size:.8rem}
.mark{white-space:nowrap}.mark i{display:inline-block;width:.6rem;height:.6rem;border-radius:2px;margin-right:.45rem}
.grade{white-space:nowrap;font-weight:500}
.clean{color:var(--good)}.disturbed{color:var(--warn)}.invalid{color:var(--bad)}
figure{margin:1.2rem 0;break-inside:avoid;overflow-x:auto}figcaption{font-weight:500;margin-bottom:.3rem}
svg{display:block;width:100%;height:auto;min-width:34rem;max-width:60rem}
svg text{font-size:12px;fill:var(--ink);font-variant-numeric:tabular-nums}
svg .name,svg .figure{text-anchor:end}svg .tick{text-anchor:middle;fill:var(--soft)}svg .none{fill:var(--soft)}
.grid{stroke:var(--line)}.whisker{stroke:var(--ink);stroke-width:1.5;fill:none}
i.s1{background:var(--s1)}i.s2{background:var(--s2)}i.s3{background:var(--s3)}
i.s4{background:var(--s4)}i.s5{background:var(--s5)}i.s6{background:var(--s6)}
.bar{fill-opacity:.78}rect.s1{fill:var(--s1)}rect.s2{fill:var(--s2)}rect.s3{fill:var(--s3)}
rect.s4{fill:var(--s4)}rect.s5{fill:var(--s5)}rect.s6{fill:var(--s6)}
pre{background:var(--code);padding:.8rem 1rem;border-radius:6px;overflow-x:auto;white-space:pre-wrap;
overflow-wrap:anywhere;font-size:.85rem;line-height:1.4}
code{overflow-wrap:anywhere}code,pre{font-family:ui-monospace,"SF Mono","DejaVu Sans Mono",monospace}
@media print{:root{color-scheme:light;--page:#fff;--ink:#000;--soft:#333;--line:#bbb;--code:#fff;
--good:#13683f;--warn:#7a5200;--bad:#a3232a}
body{max-width:none;padding:0;font-size:10.5px}.scroll,figure{overflow:visible}svg{min-width:0}tr,h2,h3,h4{break-inside:avoid}
h2,h3,h4{break-after:avoid}pre{border:1px solid var(--line)}@page{margin:14mm}}
"""

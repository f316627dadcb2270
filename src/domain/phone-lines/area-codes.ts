/**
 * The area codes of the US and Canada by state and province, neighbours beside each other as far as a list can have it;
 * codes that overlay one another are joined by a slash.
 */
const REGIONS: Readonly<Record<string, string>> = {
  AL: '205/659 251 256/938 334',
  AK: '907',
  AZ: '480 602 623 520 928',
  AR: '479 501 870/327',
  CA: '707/369 530/837 916/279 415/628 510/341 925 650 408/669 831 209/350 559/357 805/820 661 818/747 626 323/213/738 310/424 562 714/657 949 909/840 951 760/442 619/858',
  CO: '303/720/983 970/748 719',
  CT: '203/475 860/959',
  DE: '302',
  DC: '202/771',
  FL: '850/448 904/324 352 386 407/689/321 813/656 727 863 941 239 772 561/728 954/754 305/786/645',
  GA: '706/762 770/678/470/404/943 478 229 912',
  HI: '808',
  ID: '208/986',
  IL: '815/779 847/224 630/331 708/464 312/773/872 309/861 217/447 618/730',
  IN: '219 574 260 765 317/463 812/930',
  IA: '712 515 641 319 563',
  KS: '785 913 620 316',
  KY: '270/364 502 859 606',
  LA: '318/457 225 337 985 504',
  ME: '207',
  MD: '240/301/227 410/443/667',
  MA: '413 508/774 978/351 781/339 617/857',
  MI: '906 231 989 616 517 810 248/947 586 313/679 734 269',
  MN: '218 320 763 612 651 952 507/924',
  MS: '662 601/769 228',
  MO: '816/975 660 573/235 314/557 636 417',
  MT: '406',
  NE: '308 402/531',
  NV: '775 702/725',
  NH: '603',
  NJ: '973/862 201/551 908 732/848 609/640 856',
  NM: '505 575',
  NY: '716/624 585 315/680 607 518/838 845/329 914 718/347/929/465 212/646/332/917 516/363 631/934',
  NC: '828 704/980 336/743 910/472 919/984 252',
  ND: '701',
  OH: '419/567 440/436 216 330/234 740/220 614/380 937/326 513/283',
  OK: '580 405/572 918/539',
  OR: '541/458 503/971',
  PA: '814/582 412/724/878 717/223 570/272 610/484/835 215/267/445',
  RI: '401',
  SC: '864/821 803/839 843/854',
  SD: '605',
  TN: '731 901 615/629 931 423/729 865',
  TX: '806 915 432 325 940 817/682 214/469/972/945 903/430 254 512/737 210/726 830 979 936 713/281/832/346 409 361 956',
  UT: '801/385 435',
  VT: '802',
  VA: '276 540/826 434 703/571 804/686 757/948',
  WA: '360/564 206 425 253 509',
  WV: '304/681',
  WI: '715/534 920/274 608/353 262 414',
  WY: '307',
  AB: '403/587/825/368 780/587/825/368',
  BC: '250/778/236/672 604/778/236/672',
  MB: '204/431/584',
  NB: '506/428',
  NL: '709/879',
  NS: '902/782',
  ON: '807 705/249/683 519/226/548/382 905/289/365/742 416/647/437/942 613/343/753',
  QC: '819/873/468 450/579/354 514/438/263 418/581/367',
  SK: '306/639/474',
  YT: '867',
};

const CANADIAN = ['AB', 'BC', 'MB', 'NB', 'NL', 'NS', 'ON', 'QC', 'SK', 'YT'];

export interface AreaCode {
  /** ISO 3166-1 alpha-2. */
  readonly country: 'US' | 'CA';
  /** State or province, e.g. `CA`. */
  readonly region: string;
  /** The codes nearest to it in the same region: those that overlay it first. */
  readonly neighbours: readonly string[];
}

/** Where an area code is, or null where it is none of the US and Canada. */
export function areaCodeAt(areaCode: string): AreaCode | null {
  for (const [region, list] of Object.entries(REGIONS)) {
    const groups = list.split(' ').map((group) => group.split('/'));
    const at = groups.findIndex((group) => group.includes(areaCode));
    if (at === -1) continue;
    const byDistance = groups.map((group, index) => ({ group, distance: Math.abs(index - at) })).toSorted((a, b) => a.distance - b.distance);
    const neighbours = new Set(byDistance.flatMap(({ group }) => group));
    neighbours.delete(areaCode);
    return { country: CANADIAN.includes(region) ? 'CA' : 'US', region, neighbours: [...neighbours] };
  }
  return null;
}

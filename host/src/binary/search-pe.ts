import type { LoaderFacts } from './loader-facts.js';
import type { PlacedBinary, Search } from './search.js';

/** Sets of functions, which the loader maps to real libraries, and the process itself, which exports Node-API. */
const GIVEN = /^(?:api-ms-|ext-ms-|node\.exe$)/;

/** Libraries that every supported Windows has in System32 (among them its KnownDLLs). */
const SYSTEM = new Set(
  `advapi32 bcrypt bcryptprimitives cfgmgr32 combase comctl32 comdlg32 crypt32 cryptbase d3d11 d3d12 dbghelp
  dnsapi dwmapi dxcore dxgi gdi32 hid imm32 iphlpapi kernel32 kernelbase mpr msvcrt ncrypt netapi32 normaliz ntdll
  ole32 oleaut32 powrprof propsys psapi rpcrt4 sechost setupapi shell32 shlwapi ucrtbase user32 userenv usp10
  uxtheme version wintrust winhttp wininet winmm winspool.drv ws2_32 wtsapi32`
    .split(/\s+/)
    .map((name) => (name.includes('.') ? name : `${name}.dll`)),
);

/**
 * With LOAD_WITH_ALTERED_SEARCH_PATH, as Node.js loads addons: the folder of the binary, then the system's. The
 * current directory and PATH are left out on purpose: what is found there is an accident.
 */
export function searchPe(
  name: string,
  { path }: PlacedBinary,
  loader: LoaderFacts | undefined,
): Search {
  const lower = name.toLowerCase();
  const isGiven = GIVEN.test(lower) || (loader?.kind !== 'pe' && SYSTEM.has(lower));
  const separator = path.includes('\\') ? '\\' : '/';
  const folder = path.slice(0, Math.max(path.lastIndexOf(separator), 0));
  const beside = [...new Set([name, lower])].map((each) => `${folder}${separator}${each}`);
  if (loader?.kind !== 'pe') return { paths: beside, isGiven, isComplete: false };
  const system = loader.folders.map((each) => `${each}\\${name}`);
  return { paths: [...beside, ...system], isGiven, isComplete: true };
}

/**
 * The environment of an install: a short list of names, since whatever a side's scripts run can read all of it.
 */
import type { Env } from '../../process/child-environment.ts';
import { childEnvironment } from '../../process/child-environment.ts';

/**
 * Variables that an install may have beside the short list: how registries are reached, where caches lie, and which
 * compiler is used. None holds a secret by custom: tokens of a registry stand in the user's own `~/.npmrc`, and one
 * that stands in the environment has to be named by the user.
 */
const installVariables = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'npm_config_proxy',
  'npm_config_https_proxy',
  'npm_config_noproxy',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'npm_config_cafile',
  'npm_config_strict_ssl',
  'npm_config_registry',
  'npm_config_userconfig',
  'npm_config_globalconfig',
  'npm_config_cache',
  'npm_config_store_dir',
  'pnpm_config_registry',
  'pnpm_config_store_dir',
  'YARN_REGISTRY',
  'YARN_NPM_REGISTRY_SERVER',
  'YARN_CACHE_FOLDER',
  'YARN_GLOBAL_FOLDER',
  'BUN_CONFIG_REGISTRY',
  'BUN_INSTALL',
  'BUN_INSTALL_CACHE_DIR',
  'COREPACK_HOME',
  'COREPACK_NPM_REGISTRY',
  'PNPM_HOME',
  'VOLTA_HOME',
  'NVM_DIR',
  'FNM_DIR',
  'ASDF_DIR',
  'ASDF_DATA_DIR',
  'MISE_DATA_DIR',
  'XDG_CACHE_HOME',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_STATE_HOME',
  'CC',
  'CXX',
  'CFLAGS',
  'CXXFLAGS',
  'LDFLAGS',
  'MAKEFLAGS',
  'PYTHON',
  'npm_config_python',
  'npm_config_nodedir',
  'npm_config_jobs',
  'LD_LIBRARY_PATH',
  'PKG_CONFIG_PATH',
];

export function installEnv(env: Env, passed: readonly string[]): Env {
  return {
    ...childEnvironment(env, [...installVariables, ...passed]),
    CI: 'true',
    NO_COLOR: '1',
    COREPACK_ENABLE_DOWNLOAD_PROMPT: '0',
    // Berry's other modes link files of all projects into each other.
    YARN_NM_MODE: 'classic',
  };
}

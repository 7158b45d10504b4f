# Functions for scripts that run tests; sourced by .ci/run and scripts/soak.

# Settings under which no process of a build outlives it. A compiler server of our own, under a name that nobody else uses, makes the build
# a third faster; `dotnet build-server shutdown` would also end the servers of other builds of the same user.
configure_build() {
  export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
  export UseSharedCompilation=true SharedCompilationId="actors-$$"
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
  # count_tests reads the summary in English.
  export DOTNET_CLI_UI_LANGUAGE=en
}

# Ends the compiler server, and programs of this checkout that an aborted test has left behind.
end_build_processes() {
  pkill -9 -f "VBCSCompiler -pipename:actors-$$\$" || true
  pkill -9 -f "^([^ ]*/)?dotnet (exec )?.*$PWD/(tests|samples|bench)/" || true
}

# Prints the number of passed and of failed tests in the given log of `dotnet test`.
# A summary reads "Passed!  - Failed:     0, Passed:    36, Skipped: …", or, with the detailed logger, "     Passed: 36".
count_tests() {
  awk '
    match($0, /^(Passed|Failed)! +- Failed: +[0-9]+, Passed: +[0-9]+/) {
      split(substr($0, RSTART, RLENGTH), part, /[^0-9]+/)
      failed += part[2]; passed += part[3]
    }
    /^ +Passed: +[0-9]+$/ { passed += $2 }
    /^ +Failed: +[0-9]+$/ { failed += $2 }
    END { print passed + 0, failed + 0 }' "$1"
}

# Prints the failed tests of a log with their messages.
print_failures() {
  grep -h -A 20 -E '^  Failed ' "$1" | grep -v '|' | head -n 200 || true
}

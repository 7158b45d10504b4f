namespace Actors.Cli.Diagnosing;

/// <summary>How serious a finding is.</summary>
internal enum FindingLevel
{
    /// <summary>Nothing is wrong.</summary>
    Passed,

    /// <summary>Some programs or functions may not work.</summary>
    Warning,

    /// <summary>A pool would not start.</summary>
    Problem,
}

/// <summary>The result of a check of this machine. Immutable.</summary>
/// <param name="Check">The checked part.</param>
/// <param name="Level">How serious it is.</param>
/// <param name="Message">The state; for warnings and problems, the fault and its remedy.</param>
internal sealed record Finding(string Check, FindingLevel Level, string Message);

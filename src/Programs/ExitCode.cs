namespace Actors.Programs;

/// <summary>The exit codes of the tool. Scripts depend on them: do not change the meaning of one.</summary>
public static class ExitCode
{
    /// <summary>The command succeeded.</summary>
    public const int Success = 0;

    /// <summary>The command failed, did not apply to some of its arguments, or found a problem.</summary>
    public const int Failure = 1;

    /// <summary>The command line is invalid, or names a file that is missing or cannot be used. Nothing was done.</summary>
    public const int InvalidCommandLine = 2;

    /// <summary>No coordinator answers, or it refused the connection.</summary>
    public const int Unreachable = 3;

    /// <summary>The user has stopped the command before its end.</summary>
    public const int Interrupted = 130;
}

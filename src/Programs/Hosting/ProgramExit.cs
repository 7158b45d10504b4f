namespace Actors.Programs.Hosting;

/// <summary>The exit code of a program in the generic host.</summary>
public sealed class ProgramExit
{
    /// <summary>The exit code. A failure until the program has ended without one.</summary>
    public int Code { get; set; } = ExitCode.Failure;
}

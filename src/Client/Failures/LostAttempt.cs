namespace Actors;

/// <summary>One start of a job that ended with the loss of its executor; see <see cref="WorkerLostException.History"/>.</summary>
/// <param name="Node">The worker node that the executor ran on, for people.</param>
/// <param name="ProcessId">The executor's process id on that node's machine; 0 when nobody knows.</param>
/// <param name="ExitCode">How it ended, as Python has it: the exit code, or the negative number of the signal; null when nobody knows.</param>
/// <param name="Reason">The same in words.</param>
public sealed record LostAttempt(string Node, int ProcessId, int? ExitCode, string Reason);

namespace Actors;

/// <summary>
/// An attempt of a job that lost its worker; see <c>WorkerLostException.History</c> and <see cref="JobContext.History"/>. Immutable.
/// </summary>
/// <param name="Node">The name of the worker node that ran the worker.</param>
/// <param name="ProcessId">The process id of the worker on the machine of that node; 0 when unknown.</param>
/// <param name="ExitCode">
/// The exit code, or the negative number of the signal that ended the worker, as Python does; null when unknown.
/// </param>
/// <param name="Reason">The reason as text.</param>
public sealed record LostAttempt(string Node, int ProcessId, int? ExitCode, string Reason);

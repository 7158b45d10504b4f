namespace Actors.Cli.Operating;

/// <summary>A coordinator in the answer of <c>status</c>.</summary>
/// <param name="Address">Its address.</param>
/// <param name="IsReachable">Whether it answers.</param>
/// <param name="Version">The version of its messages; null if it does not answer.</param>
/// <param name="Problem">Why it does not answer; null if it does.</param>
internal sealed record CoordinatorRow(string Address, bool IsReachable, int? Version, string? Problem);

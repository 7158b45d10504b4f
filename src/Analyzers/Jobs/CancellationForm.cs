namespace Actors.Analyzers.Jobs;

/// <summary>The ways to cancel a job.</summary>
internal enum CancellationForm
{
    /// <summary>Nothing cancels it.</summary>
    None,

    /// <summary>A token would cancel it, but the call passes none.</summary>
    Possible,

    /// <summary>A token of the call, or the loop over its results, cancels it.</summary>
    Chosen,
}

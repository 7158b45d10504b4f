namespace Actors.WorkerNode.Frameworks;

/// <summary>
/// The later versions that a program accepts, as in <c>rollForward</c> of its runtime configuration. The names are those of .NET; the
/// choice among several accepted versions does not matter here.
/// </summary>
public enum RollForward
{
    /// <summary>Only the version that the program names.</summary>
    Disable,

    /// <summary>Later patches of the same minor version.</summary>
    LatestPatch,

    /// <summary>Later versions with the same major version. The default of .NET.</summary>
    Minor,

    /// <summary>As <see cref="Minor"/>.</summary>
    LatestMinor,

    /// <summary>All later versions.</summary>
    Major,

    /// <summary>As <see cref="Major"/>.</summary>
    LatestMajor,
}

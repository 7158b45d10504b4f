namespace Actors.WorkerNode.Frameworks;

/// <summary>A framework that a program needs.</summary>
/// <param name="Name">Its name, such as <c>Microsoft.AspNetCore.App</c>.</param>
/// <param name="Version">The least version.</param>
/// <param name="RollForward">The later versions that the program accepts.</param>
public sealed record RequiredFramework(string Name, FrameworkVersion Version, RollForward RollForward)
{
    /// <summary>Whether the program can run with an installed version.</summary>
    public bool Accepts(FrameworkVersion installed) => installed.CompareTo(Version) >= 0 && RollForward switch
    {
        RollForward.Disable => installed == Version,
        RollForward.LatestPatch => IsSameMajor(installed) && installed.Number.Minor == Version.Number.Minor,
        RollForward.Minor or RollForward.LatestMinor => IsSameMajor(installed),
        _ => true,
    };

    private bool IsSameMajor(FrameworkVersion installed) => installed.Number.Major == Version.Number.Major;
}

using System.Collections.Immutable;

namespace Actors.WorkerNode.Frameworks;

/// <summary>Thrown when a program needs a framework that is not installed here.</summary>
/// <param name="needed">The framework.</param>
/// <param name="installed">The installed versions of it, which the program does not accept.</param>
/// <param name="root">The directory of .NET.</param>
public sealed class MissingFrameworkException(
    RequiredFramework needed, ImmutableArray<FrameworkVersion> installed, string root) : InvalidOperationException
{
    /// <inheritdoc/>
    public override string Message => Describe("this machine");

    /// <summary>Describes the framework, the installed versions and the remedy.</summary>
    /// <param name="place">The machine, as the subject of a sentence.</param>
    public string Describe(string place)
    {
        var accepted = needed.RollForward == RollForward.Minor ? "" : $" (rollForward {needed.RollForward})";
        var versions = installed.IsEmpty ? "has no version of it" : $"has {string.Join(", ", installed)}";
        return $"The program needs the framework {needed.Name} {needed.Version}{accepted}, and {place} {versions} in {root}. Install the "
            + "framework there (https://aka.ms/dotnet/download), build the program for an installed version, or let it use later major "
            + "versions with <RollForward>Major</RollForward> in its project.";
    }
}

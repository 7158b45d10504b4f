using System.Reflection;
using Microsoft.CodeAnalysis;

namespace Actors.Analyzers;

/// <summary>The warnings. docs/reference/analyzer-rules.md explains each.</summary>
internal static class Descriptors
{
    private const string Values = "Actors.Values";
    private const string Functions = "Actors.Functions";
    private const string Usage = "Actors.Usage";

    private static readonly string Repository = typeof(Descriptors).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(data => data.Key == "RepositoryUrl")?.Value is { } address && address.StartsWith("http", StringComparison.Ordinal)
            ? (address.EndsWith(".git", StringComparison.Ordinal) ? address.Substring(0, address.Length - 4) : address) + "/blob/main"
            : "https://www.nuget.org/packages/Actors";

    internal static readonly DiagnosticDescriptor Argument = Create(
        "ACTORS101", Values, "The argument of a job cannot travel", "An argument of the job cannot travel. {0}");

    internal static readonly DiagnosticDescriptor Result = Create(
        "ACTORS102", Values, "The result of a job cannot travel", "The result of the job cannot travel. {0}");

    internal static readonly DiagnosticDescriptor Captured = Create(
        "ACTORS103", Values, "A captured variable of a job cannot travel", "The job captures '{0}', which cannot travel. {1}");

    private static DiagnosticDescriptor Create(string id, string category, string title, string message) => new(
        id, title, message, category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        helpLinkUri: $"{Repository}/docs/reference/analyzer-rules.md#{id.ToLowerInvariant()}");
}

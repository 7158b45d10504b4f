using System.Reflection;
using Microsoft.CodeAnalysis;

namespace Actors.Analyzers;

/// <summary>The warnings. docs/reference/analyzer-rules.md explains each.</summary>
public static class Descriptors
{
    /// <summary>The property of a diagnostic with the name of the async form of a member.</summary>
    public const string AsyncForm = nameof(AsyncForm);

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

    internal static readonly DiagnosticDescriptor Function = Create(
        "ACTORS104", Functions, "A function cannot be called in another process", "{0}");

    internal static readonly DiagnosticDescriptor Derived = Create(
        "ACTORS105", Values, "An instance of a derived class cannot travel as its base class",
        "A {0} cannot be carried to another process as the declared {1}; declare the derived type");

    internal static readonly DiagnosticDescriptor CapturedChange = Create(
        "ACTORS106", Functions, "A job changes a captured variable or object",
        "The job changes its copy of '{0}'; the change stays in the worker. Return the new value instead.");

    internal static readonly DiagnosticDescriptor AssignedStatic = Create(
        "ACTORS107", Functions, "A job reads a static that only the client assigns",
        "'{0}' is assigned only in this program; in a worker it has its initial value. Pass the value as an argument.");

    internal static readonly DiagnosticDescriptor LostHandle = Create(
        "ACTORS108", Usage, "The handle of a job is neither awaited nor stored",
        "The handle is neither awaited nor stored, so the result and the failure of the job are lost");

    internal static readonly DiagnosticDescriptor Blocking = Create(
        "ACTORS109", Usage, "A blocking call in an async method", "{0} blocks the thread of this async method; {1}");

    internal static readonly DiagnosticDescriptor JoinWithoutClose = Create(
        "ACTORS110", Usage, "Join without Close", "Pool '{0}' is still open here; call {0}.Close() first, or {0}.{1}() instead");

    internal static readonly DiagnosticDescriptor JobName = Create(
        "ACTORS111", Functions, "A job name cannot be used", "The job name '{0}' {1}", WellKnownDiagnosticTags.CompilationEnd);

    internal static readonly DiagnosticDescriptor Token = Create(
        "ACTORS112", Usage, "A CancellationToken of the program does not reach the job",
        "The function receives the token of its job in place of '{0}'. {1}");

    private static DiagnosticDescriptor Create(string id, string category, string title, string message, params string[] tags) => new(
        id, title, message, category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        helpLinkUri: $"{Repository}/docs/reference/analyzer-rules.md#{id.ToLowerInvariant()}", customTags: tags);
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Actors.Analyzers.Jobs;

/// <summary>A call or property of this library that blocks until another process answers.</summary>
/// <param name="name">The name for messages.</param>
/// <param name="asyncForm">The name of the async form; null when the object itself can be awaited.</param>
internal sealed class BlockingCall(string name, string? asyncForm)
{
    private static readonly HashSet<string> Awaited =
        ["Task", "ValueTask", "TaskAwaiter", "ValueTaskAwaiter", "ConfiguredTaskAwaiter", "ConfiguredValueTaskAwaiter"];

    /// <summary>Gets the name for messages.</summary>
    internal string Name { get; } = name;

    /// <summary>Gets the name of the async form; null when the object itself can be awaited.</summary>
    internal string? AsyncForm { get; } = asyncForm;

    /// <summary>Finds the blocking call in an operation; null when it does not block, or may not.</summary>
    internal static BlockingCall? FindCall(IOperation operation, Library library) => operation switch
    {
        IInvocationOperation call when library.Declares(call.TargetMethod.ContainingType) => FindMethod(call, library),
        IInvocationOperation { TargetMethod.Name: "Wait" or "GetResult", Instance: { } pending } call when IsTask(call.TargetMethod) =>
            IsPending(pending, library) ? CreateCall(call.TargetMethod, null) : null,
        IPropertyReferenceOperation { Property.Name: "Result", Instance: { } pending } use when IsTask(use.Property) =>
            IsPending(pending, library) ? CreateCall(use.Property, null) : null,
        IPropertyReferenceOperation use when library.Declares(use.Property.ContainingType) => FindProperty(use),
        _ => null,
    };

    /// <summary>Without a timeout, Poll does not wait. Dispose may have nothing to do.</summary>
    private static BlockingCall? FindMethod(IInvocationOperation call, Library library)
    {
        var method = call.TargetMethod;
        if (library.IsHandle(method.ContainingType))
        {
            var isLimited = call.Arguments.Any(argument => !argument.IsImplicit);
            return method.Name is "Get" or "Wait" && !isLimited && IsPending(call.Instance, library) ? CreateCall(method, null) : null;
        }

        return method.Name is "Dispose" or "Poll" ? null : FindForm(method, $"{method.Name}Async");
    }

    private static BlockingCall? FindProperty(IPropertyReferenceOperation use)
    {
        var property = use.Property;
        return property.IsIndexer || property.Name == "Value" ? FindForm(property, Writes.IsWritten(use) ? "SetAsync" : "GetAsync")
            : FindForm(property, $"{property.Name}Async");
    }

    /// <summary>An array of a local manager is memory, so its members do not wait.</summary>
    private static BlockingCall? FindForm(ISymbol member, string form) =>
        member.ContainingType.Name != "ManagedArray"
        && member.ContainingType.GetMembers(form).OfType<IMethodSymbol>().Any(method => method.IsStatic == member.IsStatic)
            ? CreateCall(member, form)
            : null;

    private static BlockingCall CreateCall(ISymbol member, string? form) =>
        new($"{member.ContainingType.Name}.{(member is IPropertySymbol { IsIndexer: true } ? "this[]" : member.Name)}", form);

    private static bool IsTask(ISymbol member) => Awaited.Contains(member.ContainingType.Name)
        && member.ContainingNamespace.ToDisplayString().StartsWith("System.", StringComparison.Ordinal);

    /// <summary>Whether a task or handle comes from a call of this library and nothing has awaited or examined it.</summary>
    private static bool IsPending(IOperation? value, Library library) => value switch
    {
        IConversionOperation conversion => IsPending(conversion.Operand, library),
        IInvocationOperation { TargetMethod.Name: "GetAwaiter" or "ConfigureAwait", Instance: { } task } => IsPending(task, library),
        IPropertyReferenceOperation { Property.Name: "Task" or "Completion", Instance: { } handle } => IsPending(handle, library),
        IInvocationOperation call => library.Declares(call.TargetMethod.ContainingType),
        IAwaitOperation { Operation: var submitted } => library.IsHandle(value.Type) && IsPending(submitted, library),
        ILocalReferenceOperation local => IsFirstUse(local) && IsPending(FindInitializer(local), library),
        _ => false,
    };

    private static bool IsFirstUse(ILocalReferenceOperation use) => JobCode.GetRoot(use).Descendants().OfType<ILocalReferenceOperation>()
        .All(other => other.Syntax.SpanStart >= use.Syntax.SpanStart || !SymbolEqualityComparer.Default.Equals(other.Local, use.Local));

    private static IOperation? FindInitializer(ILocalReferenceOperation use) => JobCode.GetRoot(use).Descendants()
        .OfType<IVariableDeclaratorOperation>().FirstOrDefault(one => SymbolEqualityComparer.Default.Equals(one.Symbol, use.Local))
        ?.GetVariableInitializer()?.Value;
}

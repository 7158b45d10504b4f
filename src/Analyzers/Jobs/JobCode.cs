using Actors.Analyzers.Types;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Actors.Analyzers.Jobs;

/// <summary>
/// The code of a job that is a lambda or local function: its own, and that of the local functions it reaches. Only this code can use
/// captured variables.
/// </summary>
internal sealed class JobCode
{
    private readonly List<IOperation> _bodies = [];
    private readonly IOperation _root;

    private JobCode(IOperation function)
    {
        _root = GetRoot(function);
        AddBody(function);
    }

    /// <summary>Gets all operations of the code.</summary>
    internal IEnumerable<IOperation> Operations => _bodies.SelectMany(GetOperations);

    /// <summary>Gets all operations of the method that contains the code, without the code itself.</summary>
    internal IEnumerable<IOperation> Surroundings => GetOperations(_root).Where(operation => !Contains(operation.Syntax));

    /// <summary>Gets the uses of captured variables and parameters in the code.</summary>
    internal IEnumerable<IOperation> CapturedUses => Operations.Where(operation =>
        FindVariable(operation) is { } variable && variable.DeclaringSyntaxReferences.All(place => !Contains(place.GetSyntax())));

    /// <summary>Gets the uses of fields and automatic properties of <c>this</c> in the code.</summary>
    internal IEnumerable<IOperation> OwnMemberUses => Operations.Where(operation => FindOwnMember(operation) is not null);

    /// <summary>Gets the uses of <c>this</c> in the code, explicit or implicit.</summary>
    internal IEnumerable<IOperation> UsesOfThis => Operations.Where(IsThis);

    /// <summary>Gets the code of a lambda or local function; null for other functions.</summary>
    internal static JobCode? FindCode(JobFunction job) => job.Function switch
    {
        IAnonymousFunctionOperation lambda => new JobCode(lambda),
        IMethodReferenceOperation { Method.MethodKind: MethodKind.LocalFunction } method when FindLocalFunction(
            GetRoot(method), method.Method) is { } local => new JobCode(local),
        _ => null,
    };

    /// <summary>Gets the variable or parameter that an operation names; null for other operations and for constants.</summary>
    internal static ISymbol? FindVariable(IOperation operation) => operation switch
    {
        ILocalReferenceOperation { Local.IsConst: false } reference => reference.Local,
        IParameterReferenceOperation reference => reference.Parameter,
        _ => null,
    };

    /// <summary>Gets the field or automatic property of <c>this</c> that an operation names; null for other operations.</summary>
    internal static ISymbol? FindOwnMember(IOperation operation) => operation switch
    {
        IFieldReferenceOperation { Instance: { } self } reference when IsThis(self) => reference.Field,
        IPropertyReferenceOperation { Instance: { } self } reference when IsThis(self) && FieldSymbols.IsAutomatic(reference.Property) =>
            reference.Property,
        _ => null,
    };

    /// <summary>Gets the variable, or the member of <c>this</c>, that an operation names; null for other operations.</summary>
    internal static ISymbol? FindHolder(IOperation operation) => FindVariable(operation) ?? FindOwnMember(operation);

    /// <summary>Gets the operation of the method that contains an operation.</summary>
    internal static IOperation GetRoot(IOperation operation)
    {
        while (operation.Parent is { } parent)
        {
            operation = parent;
        }

        return operation;
    }

    /// <summary>Gets an operation and all those within it. The argument of <c>nameof</c> is not evaluated.</summary>
    internal static IEnumerable<IOperation> GetOperations(IOperation operation) => operation is INameOfOperation
        ? []
        : operation.ChildOperations.SelectMany(GetOperations).Prepend(operation);

    /// <summary>Whether a piece of syntax lies in the code.</summary>
    internal bool Contains(SyntaxNode syntax) =>
        _bodies.Any(body => body.Syntax.SyntaxTree == syntax.SyntaxTree && body.Syntax.Span.Contains(syntax.Span));

    private static bool IsThis(IOperation operation) =>
        operation is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance };

    private void AddBody(IOperation body)
    {
        if (Contains(body.Syntax))
        {
            return;
        }

        _bodies.Add(body);
        var reached = GetOperations(body).Select(FindMethod).Where(method => method?.MethodKind == MethodKind.LocalFunction).ToList();
        foreach (var local in reached.Select(method => FindLocalFunction(_root, method!)))
        {
            if (local is not null)
                AddBody(local);
        }
    }

    private static IMethodSymbol? FindMethod(IOperation operation) => operation switch
    {
        IInvocationOperation call => call.TargetMethod,
        IMethodReferenceOperation reference => reference.Method,
        _ => null,
    };

    private static IOperation? FindLocalFunction(IOperation root, IMethodSymbol method) => root.Descendants()
        .OfType<ILocalFunctionOperation>()
        .FirstOrDefault(local => SymbolEqualityComparer.Default.Equals(local.Symbol, method.OriginalDefinition));
}

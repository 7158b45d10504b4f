using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Actors.Analyzers.Jobs;

/// <summary>A function that a call, or the assignment of an option, passes to a worker.</summary>
internal sealed class JobFunction
{
    private readonly IReadOnlyList<IArgumentOperation> _arguments;
    private readonly IOperation _value;
    private readonly JobForm _form;

    private JobFunction(
        IOperation call, IReadOnlyList<IArgumentOperation> arguments, IOperation value, IMethodSymbol invoke, JobForm form)
    {
        (Call, _arguments, _value, Invoke, _form) = (call, arguments, value, invoke, form);
        Function = Unwrap(value);
    }

    /// <summary>Gets the call or assignment that passes the function.</summary>
    internal IOperation Call { get; }

    /// <summary>Gets the Invoke method of the function's delegate type.</summary>
    internal IMethodSymbol Invoke { get; }

    /// <summary>Gets the lambda, the method or another expression with the function.</summary>
    internal IOperation Function { get; }

    /// <summary>Gets the lambda, when the function is one.</summary>
    internal IAnonymousFunctionOperation? Lambda => Function as IAnonymousFunctionOperation;

    /// <summary>Gets the reference to a method or local function, when the function is one.</summary>
    internal IMethodReferenceOperation? Method => Function as IMethodReferenceOperation;

    /// <summary>Gets the method, local function or lambda; null when the function is another expression.</summary>
    internal IMethodSymbol? Symbol => Lambda?.Symbol ?? Method?.Method;

    /// <summary>Gets the parameters of the function that travel.</summary>
    internal IEnumerable<IParameterSymbol> Parameters => Invoke.Parameters.Skip(_form == JobForm.OnInstance ? 1 : 0);

    /// <summary>Gets the type of the result that travels, awaited if it is a task; null if there is none.</summary>
    internal ITypeSymbol? ResultType => _form == JobForm.Factory || Invoke.ReturnsVoid ? null : FindAwaited(Invoke.ReturnType);

    /// <summary>Gets whether the call passes a token that cancels the job. The end of a loop over results cancels too.</summary>
    internal CancellationForm Cancellation
    {
        get
        {
            var token = _arguments.FirstOrDefault(argument => argument.Parameter?.Name == "cancellationToken");
            return token is { IsImplicit: false } ? CancellationForm.Chosen
                : Call is not IInvocationOperation { TargetMethod.ContainingType.Name: "ProcessPool" or "ServiceJobs" }
                    ? CancellationForm.None
                : token is null ? CancellationForm.Chosen
                : CancellationForm.Possible;
        }
    }

    /// <summary>Finds the functions that an operation of this library passes to a worker.</summary>
    internal static IEnumerable<JobFunction> FindJobs(IOperation operation, Library library) => operation switch
    {
        IInvocationOperation call => FindPassed(call, call.TargetMethod, call.Arguments, library),
        IObjectCreationOperation { Constructor: { } constructor } creation =>
            FindPassed(creation, constructor, creation.Arguments, library),
        ISimpleAssignmentOperation { Target: IPropertyReferenceOperation option } assignment =>
            FindAssigned(assignment, option.Property, library),
        _ => [],
    };

    /// <summary>Gets the expression that a call passes for a parameter of the function; null when it passes a sequence of items.</summary>
    internal IOperation? FindArgument(IParameterSymbol parameter)
    {
        var name = $"argument{parameter.Ordinal + 1}";
        return _arguments.FirstOrDefault(argument => argument.Parameter?.Name == name && !argument.IsImplicit)?.Value;
    }

    /// <summary>Gets the items of a map; null for other calls.</summary>
    internal IOperation? FindItems() => _arguments.FirstOrDefault(argument => argument.Parameter?.Name == "items")?.Value;

    /// <summary>Gets the place of the function.</summary>
    internal Location GetLocation() => _value.Syntax.GetLocation();

    private static IEnumerable<JobFunction> FindPassed(
        IOperation call, IMethodSymbol method, IReadOnlyList<IArgumentOperation> arguments, Library library)
    {
        if (library.FindForm(method.ContainingType) is not { } form)
        {
            yield break;
        }

        foreach (var argument in arguments)
        {
            if (argument.Parameter?.Type is INamedTypeSymbol { DelegateInvokeMethod: { } invoke })
                yield return new JobFunction(call, arguments, argument.Value, invoke, form);
        }
    }

    private static IEnumerable<JobFunction> FindAssigned(
        ISimpleAssignmentOperation assignment, IPropertySymbol option, Library library)
    {
        if (option.Type is INamedTypeSymbol { DelegateInvokeMethod: { } invoke } && library.FindForm(option.ContainingType) is { } form)
            yield return new JobFunction(assignment, [], assignment.Value, invoke, form);
    }

    private static ITypeSymbol? FindAwaited(ITypeSymbol returned) =>
        returned.Name is not ("Task" or "ValueTask") || returned.ContainingNamespace.ToDisplayString() != "System.Threading.Tasks"
            ? returned
        : returned is INamedTypeSymbol { TypeArguments.Length: 1 } task ? task.TypeArguments[0]
        : null;

    private static IOperation Unwrap(IOperation value) => value switch
    {
        IConversionOperation conversion => Unwrap(conversion.Operand),
        IParenthesizedOperation parenthesized => Unwrap(parenthesized.Operand),
        IDelegateCreationOperation creation => Unwrap(creation.Target),
        _ => value,
    };
}

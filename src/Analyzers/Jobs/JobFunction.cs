using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Actors.Analyzers.Jobs;

/// <summary>A function that a call passes to a worker.</summary>
internal sealed class JobFunction
{
    private readonly IReadOnlyList<IArgumentOperation> _arguments;
    private readonly IArgumentOperation _function;
    private readonly JobForm _form;

    private JobFunction(
        IOperation call, IReadOnlyList<IArgumentOperation> arguments, IArgumentOperation function, IMethodSymbol invoke, JobForm form)
    {
        (Call, _arguments, _function, Invoke, _form) = (call, arguments, function, invoke, form);
        Function = Unwrap(function.Value);
    }

    /// <summary>Gets the call that passes the function.</summary>
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

    /// <summary>Finds the functions that a call of this library passes to a worker.</summary>
    internal static IEnumerable<JobFunction> FindJobs(IOperation call, Library library)
    {
        var (method, arguments) = call switch
        {
            IInvocationOperation invocation => (invocation.TargetMethod, invocation.Arguments),
            IObjectCreationOperation { Constructor: { } constructor } creation => (constructor, creation.Arguments),
            _ => (null, default),
        };
        if (method is null || library.FindForm(method.ContainingType) is not { } form)
        {
            yield break;
        }

        foreach (var argument in arguments)
        {
            if (argument.Parameter?.Type is INamedTypeSymbol { DelegateInvokeMethod: { } invoke })
                yield return new JobFunction(call, arguments, argument, invoke, form);
        }
    }

    /// <summary>Gets the expression that a call passes for a parameter of the function; null when it passes a sequence of items.</summary>
    internal IOperation? FindArgument(IParameterSymbol parameter)
    {
        var name = $"argument{parameter.Ordinal + 1}";
        return _arguments.FirstOrDefault(argument => argument.Parameter?.Name == name && !argument.IsImplicit)?.Value;
    }

    /// <summary>Gets the items of a map; null for other calls.</summary>
    internal IOperation? FindItems() => _arguments.FirstOrDefault(argument => argument.Parameter?.Name == "items")?.Value;

    /// <summary>Gets the place of the function.</summary>
    internal Location GetLocation() => _function.Value.Syntax.GetLocation();

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

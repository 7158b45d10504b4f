using System.Linq.Expressions;
using System.Reflection;
using Actors.Messages.Functions;

namespace Actors.Runner;

/// <summary>A method that is called in a pool, with arguments and a result of any type.</summary>
internal abstract class CallableMethod
{
    /// <summary>Whether the method returns a result.</summary>
    public abstract bool HasResult { get; }

    /// <summary>Creates the function of a static method.</summary>
    public static CallableMethod FromMethod(MethodInfo method)
    {
        var types = method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType);
        var function = method.CreateDelegate(Expression.GetDelegateType([.. types]));
        return ReturnTypes.FindResultType(method.ReturnType) is { } result
            ? (CallableMethod)Activator.CreateInstance(typeof(Returning<>).MakeGenericType(result), function)!
            : new Void(function);
    }

    /// <summary>Calls the function in a worker.</summary>
    /// <returns>The result; null for a function without one.</returns>
    /// <exception cref="NotCarriedException">The function or an argument cannot be carried to a worker.</exception>
    public abstract Task<object?> CallAsync(
        ProcessPool pool, object?[] arguments, JobOptions options, CancellationToken cancellationToken);

    private sealed class Returning<T>(Delegate function) : CallableMethod
    {
        public override bool HasResult => true;

        public override async Task<object?> CallAsync(
            ProcessPool pool, object?[] arguments, JobOptions options, CancellationToken cancellationToken) =>
            await pool.SubmitCall<T>(CallEncoder.PrepareBoxedCall(function, arguments), options, cancellationToken);
    }

    private sealed class Void(Delegate function) : CallableMethod
    {
        public override bool HasResult => false;

        public override async Task<object?> CallAsync(
            ProcessPool pool, object?[] arguments, JobOptions options, CancellationToken cancellationToken)
        {
            await pool.SubmitCall(CallEncoder.PrepareBoxedCall(function, arguments), options, cancellationToken);
            return null;
        }
    }
}

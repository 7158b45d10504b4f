using System.Reflection;
using System.Runtime.CompilerServices;
using Actors.Messages.Functions;

namespace Actors.Objects.Services;

/// <summary>
/// Implements an interface: each method call becomes a call of the service. The runtime derives from it, so it is not sealed.
/// </summary>
#pragma warning disable CA1852 // DispatchProxy derives from it.
internal class ServiceProxy : DispatchProxy
#pragma warning restore CA1852
{
    private static readonly MethodInfo AwaitResult = typeof(ServiceProxy).GetMethod(
        nameof(AwaitResultAsync), BindingFlags.NonPublic | BindingFlags.Static)!;

    private ServiceCaller _caller = null!;

    public static T CreateFor<T>(ServiceCaller caller)
        where T : class
    {
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            throw new InvalidOperationException(
                $"A proxy of {typeof(T).Name} is generated at run time, which this program does not allow: "
                + "set PublishAot to false in the project (#:property PublishAot=false in a file-based program), or use CallAsync(x => "
                    + "x.Method(…)).");
        }

        var proxy = Create<T, ServiceProxy>();
        ((ServiceProxy)(object)proxy)._caller = caller;
        return proxy;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var call = MethodCall.PrepareCall(targetMethod!, args ?? []);
        var returned = targetMethod!.ReturnType;
        if (returned == typeof(void))
        {
            _caller.Call(call);
            return null;
        }

        if (returned == typeof(Task))
            return _caller.CallAsync(call, default);
        if (returned == typeof(ValueTask))
            return new ValueTask(_caller.CallAsync(call, default));
        var result = ReturnTypes.FindResultType(returned)!;
        if (!ReturnTypes.IsTaskWithResult(returned))
            return _caller.Proxy.DecodeValue(result, _caller.InvokeFunction(call));
        var task = AwaitResult.MakeGenericMethod(result).Invoke(null, [_caller, call]);
        return returned.IsValueType ? Activator.CreateInstance(returned, task) : task;
    }

    private static Task<TResult> AwaitResultAsync<TResult>(ServiceCaller caller, PreparedCall call) =>
        caller.CallAsync<TResult>(call, default);
}

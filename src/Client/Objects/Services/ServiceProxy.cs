using System.Reflection;
using System.Runtime.CompilerServices;
using Actors.Messages.Functions;

namespace Actors.Objects.Services;

/// <summary>Stands in for an interface: a call of a method becomes a call of the service. Made by the runtime, so neither sealed nor internal to it.</summary>
#pragma warning disable CA1852 // DispatchProxy derives from it.
internal class ServiceProxy : DispatchProxy
#pragma warning restore CA1852
{
    private static readonly MethodInfo AwaitResult = typeof(ServiceProxy).GetMethod(nameof(AwaitAsync), BindingFlags.NonPublic | BindingFlags.Static)!;

    private ServiceCaller _caller = null!;

    public static T Of<T>(ServiceCaller caller)
        where T : class
    {
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            throw new InvalidOperationException(
                $"A proxy of {typeof(T).Name} is made at run time, and this program allows no code to be made there: "
                + "set PublishAot to false in the project (#:property PublishAot=false in a file-based program), or call through CallAsync(x => x.Method(…)).");
        }

        var proxy = Create<T, ServiceProxy>();
        ((ServiceProxy)(object)proxy)._caller = caller;
        return proxy;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var call = MethodCall.Prepare(targetMethod!, args ?? []);
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
        var result = ReturnTypes.ResultOf(returned)!;
        if (!ReturnTypes.IsTaskOf(returned))
            return _caller.Proxy.Decode(result, _caller.Invoke(call));
        var task = AwaitResult.MakeGenericMethod(result).Invoke(null, [_caller, call]);
        return returned.IsValueType ? Activator.CreateInstance(returned, task) : task;
    }

    private static Task<TResult> AwaitAsync<TResult>(ServiceCaller caller, PreparedCall call) => caller.CallAsync<TResult>(call, default);
}

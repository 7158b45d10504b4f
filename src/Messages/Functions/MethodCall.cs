using System.Collections.Concurrent;
using System.Reflection;
using Actors.Messages.Jobs;
using Actors.Messages.Values;

namespace Actors.Messages.Functions;

/// <summary>Encodes calls of interface methods on the object that a process serves.</summary>
public sealed class MethodCall
{
    private static readonly ConcurrentDictionary<MethodInfo, MethodCall> Known = new();

    private readonly BoxedValue[] _arguments;
    private readonly FunctionRef _reference;

    private MethodCall(MethodInfo method)
    {
        var name = FunctionNames.GetName(method);
        FunctionCheck.RequireCallable(method, name, null, CapturedFields.All);
        FunctionCheck.RequireCarried(method, name, CallShape.Method);
        _arguments = [.. method.GetParameters().Select(parameter => BoxedValue.ForType(parameter.ParameterType))];
        var definition = new FunctionDefinition(
            method.Module.Assembly.GetName().Name!,
            method.Module.ModuleVersionId,
            method.MetadataToken,
            [.. method.DeclaringType!.GetGenericArguments().Select(TypeRef.FromType)],
            [.. method.GetGenericArguments().Select(TypeRef.FromType)],
            [], null, CallShape.Method);
        _reference = new FunctionRef(name, definition.ToBytes());
    }

    /// <summary>Encodes a call.</summary>
    /// <exception cref="NotCarriedException">The method cannot be called in another process, or a value cannot be carried.</exception>
    public static PreparedCall PrepareCall(MethodInfo method, object?[] arguments)
    {
        var call = Known.GetOrAdd(method, static method => new MethodCall(method));
        var buffer = ValueBuffer.RentBuffer();
        var writer = new ValueWriter(buffer);
        for (var i = 0; i < arguments.Length; i++)
        {
            call._arguments[i].WriteValue(ref writer, arguments[i]);
        }

        writer.FlushBuffer();
        return new PreparedCall(call._reference, buffer.DetachBytes());
    }
}

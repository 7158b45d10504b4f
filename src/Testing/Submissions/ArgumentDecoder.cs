using System.Runtime.CompilerServices;
using Actors.Executor.Functions;
using Actors.Messages.Functions;
using Actors.Messages.Objects;
using Actors.Messages.Values;

namespace Actors.Testing;

/// <summary>Decodes the arguments of a call as a worker does.</summary>
internal static class ArgumentDecoder
{
    /// <summary>Decodes the arguments of each call.</summary>
    /// <param name="definition">The function.</param>
    /// <param name="arguments">The bytes.</param>
    /// <param name="objects">The channel for proxies of managed objects; null for none.</param>
    public static IReadOnlyList<CallArguments> Decode(
        FunctionDefinition definition, ReadOnlyMemory<byte> arguments, IObjectChannel? objects)
    {
        var before = ObjectChannel.UseForThread(objects);
        try
        {
            return Decode(definition, arguments.Span);
        }
        finally
        {
            ObjectChannel.UseForThread(before);
        }
    }

    private static IReadOnlyList<CallArguments> Decode(FunctionDefinition definition, ReadOnlySpan<byte> arguments)
    {
        var reader = new ValueReader(arguments);
        var function = FunctionResolver.ResolveFunction(definition);
        SkipTarget(ref reader, function.Target);
        if (definition.Reduce is { } reduce)
            SkipTarget(ref reader, FunctionResolver.ResolveFunction(reduce).Target);
        if (definition.Shape == CallShape.Single)
            return [ReadCall(ref reader, function.Parameters)];
        if (definition.Shape == CallShape.OnService)
            return [new CallArguments([])];
        _ = ChunkItems.ReadStart(ref reader);
        var item = definition.Shape == CallShape.StarMap ? ToTuple(function.Parameters)
            : function.Parameters[definition.Shape == CallShape.MapOnService ? 1 : 0];
        var items = (Array)BoxedValue.ForType(item.MakeArrayType()).ReadValue(ref reader)!;
        return [.. items.Cast<object?>().Select(value => new CallArguments(ToArguments(value, definition.Shape)))];
    }

    private static CallArguments ReadCall(ref ValueReader reader, Type[] parameters)
    {
        var values = new object?[parameters.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = BoxedValue.ForType(parameters[i]).ReadValue(ref reader);
        return new CallArguments(values);
    }

    private static void SkipTarget(ref ValueReader reader, Type? target)
    {
        if (target is not null)
            _ = BoxedValue.ForType(target).ReadValue(ref reader);
    }

    private static object?[] ToArguments(object? item, CallShape shape)
    {
        if (shape != CallShape.StarMap)
            return [item];
        var tuple = (ITuple)item!;
        return [.. Enumerable.Range(0, tuple.Length).Select(index => tuple[index])];
    }

    private static Type ToTuple(Type[] parts) =>
        typeof(ValueTuple).Assembly.GetType($"System.ValueTuple`{parts.Length}", throwOnError: true)!.MakeGenericType(parts);
}

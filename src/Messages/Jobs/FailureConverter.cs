using System.Collections.Immutable;

namespace Actors.Messages.Jobs;

/// <summary>
/// Converts exceptions to <see cref="FailureInfo"/> and back. An exception that is thrown meanwhile, for example by an overridden property,
/// does not stop the conversion.
/// </summary>
public static class FailureConverter
{
    /// <summary>The key in <see cref="Exception.Data"/> of the place where a rebuilt exception was thrown.</summary>
    public const string OriginKey = "Actors.Origin";

    /// <summary>Converts an exception to a failure within <see cref="FailureLimits"/>.</summary>
    public static FailureInfo ToFailure(Exception exception)
    {
        var left = FailureLimits.MaxExceptions;
        return FailureLimits.FitFailure(ToFailure(exception, FailureLimits.MaxInner, ref left));
    }

    /// <summary>
    /// Converts a failure to an exception of its own type, or to a <see cref="RemoteException"/> if this process cannot create that type.
    /// The exception has the remote stack trace, and its origin in its data.
    /// </summary>
    /// <param name="failure">The failure.</param>
    /// <param name="origin">The process that threw it: <c>process 123 on host</c>.</param>
    public static Exception ToException(FailureInfo failure, string origin)
    {
        var exception = ToException(failure, FailureLimits.MaxInner);
        TryGet(() => { exception.Data[OriginKey] = origin; return true; }, false);
        return exception;
    }

    private static FailureInfo ToFailure(Exception exception, int innerLeft, ref int left)
    {
        left--;
        var type = exception.GetType();
        var message = TryGet(() => exception.Message, "") ?? "";
        var (data, values) = ReadContents(exception, message);
        return new FailureInfo(
            type.FullName ?? type.Name,
            type.Assembly.GetName().Name ?? "",
            FailureLimits.CutText(message) ?? "",
            FailureLimits.CutText(WorkerStack.TrimStack(TryGet(() => exception.StackTrace, null))),
            data,
            ConvertInner(exception, innerLeft, ref left),
            innerLeft > 0 && exception is AggregateException { InnerExceptions.Count: > 1 } several
                ? ConvertMoreInner(several, innerLeft - 1, ref left)
                : default,
            values);
    }

    /// <summary>Converts the inner exception. At the depth limit, a placeholder states how many more there are.</summary>
    private static FailureInfo? ConvertInner(Exception exception, int innerLeft, ref int left)
    {
        if (exception.InnerException is not { } inner)
            return null;
        var count = CountExceptions(inner);
        return innerLeft == 0 || (innerLeft == 1 && count > 1)
            ? FailureLimits.CreateMissing(count)
            : ToFailure(inner, innerLeft - 1, ref left);
    }

    private static int CountExceptions(Exception? chain)
    {
        var count = 0;
        for (; chain is not null; chain = chain.InnerException)
            count++;
        return count;
    }

    private static ImmutableArray<FailureInfo> ConvertMoreInner(AggregateException exception, int innerLeft, ref int left)
    {
        var more = ImmutableArray.CreateBuilder<FailureInfo>();
        foreach (var inner in exception.InnerExceptions.Skip(1))
        {
            if (left <= 0)
            {
                more.Add(FailureLimits.CreateMissing(exception.InnerExceptions.Count - 1 - more.Count));
                break;
            }

            more.Add(ToFailure(inner, innerLeft, ref left));
        }

        return more.ToImmutable();
    }

    private static (
        ImmutableArray<KeyValuePair<string, string>> Data, ImmutableArray<FailureValue> Values) ReadContents(Exception exception,
        string message)
    {
        var missing = new List<string>();
        var values = ImmutableArray.CreateBuilder<FailureValue>();
        TryGet(() => AddAll(values, FailureValues.EncodeTypeArguments(exception.GetType())), false);
        TryGet(() => AddAll(values, ExceptionFields.ReadFields(exception, message, missing)), false);
        var data = TryGet(() => ExceptionData.ReadEntries(exception, values, missing), []);
        return (
            missing.Count == 0
                ? data
                : data.Add(KeyValuePair.Create(FailureLimits.MissingKey, string.Join('\n', missing))), values.ToImmutable());
    }

    private static bool AddAll(ImmutableArray<FailureValue>.Builder values, IEnumerable<FailureValue> added)
    {
        foreach (var value in added)
            values.Add(value);
        return true;
    }

    private static Exception ToException(FailureInfo failure, int innerLeft)
    {
        var inner = failure.Inner is not null && innerLeft > 0 ? ToException(failure.Inner, innerLeft - 1) : null;
        var more = failure.MoreInner.IsDefaultOrEmpty || innerLeft == 0
            ? []
            : failure.MoreInner.Where(other => other is not null).Select(other => ToException(other, innerLeft - 1)).ToArray();
        var missing = ImmutableArray<string>.Empty;
        var exception = TryGet(
            () => ExceptionRebuilder.RebuildException(failure, inner, more, out missing), null) ?? ToRemote(failure, inner);
        TryGet(() => ExceptionData.WriteEntries(exception, failure, missing), false);
        TryGet(() => ExceptionRebuilder.AddStack(exception, failure.StackTrace), false);
        return exception;
    }

    private static RemoteException ToRemote(FailureInfo failure, Exception? inner) => new(failure.Message ?? "", inner)
    {
        RemoteTypeName = failure.TypeName ?? "",
        RemoteStackTrace = failure.StackTrace,
        Fields = TryGet(() => ExceptionFields.ReadByName(ExceptionData.GetFields(failure)), RemoteException.NoFields),
    };

    // Message, StackTrace and Data can be overridden.
    private static T TryGet<T>(Func<T> get, T otherwise) => FailureValues.TryGet(get, otherwise);
}

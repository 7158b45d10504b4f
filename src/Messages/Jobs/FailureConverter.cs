using System.Collections;
using System.Collections.Immutable;

namespace Actors.Messages.Jobs;

/// <summary>The one place that turns exceptions into the form that travels and back. Nothing that an exception does stops it.</summary>
internal static class FailureConverter
{
    /// <summary>The key in <see cref="Exception.Data"/> under which a rebuilt exception says where it was thrown.</summary>
    internal const string OriginKey = "Actors.Origin";

    /// <summary>How many inner exceptions travel.</summary>
    internal const int MaxInner = 10;

    /// <summary>How many exceptions an <see cref="AggregateException"/> and those inside it bring along in all.</summary>
    private const int MaxExceptions = 64;

    /// <summary>How long a text of an exception may be.</summary>
    internal const int MaxText = 64 * 1024;

    private const int MaxData = 100;

    /// <summary>The exception in the form that travels.</summary>
    internal static FailureInfo ToFailure(Exception exception)
    {
        var left = MaxExceptions;
        return ToFailure(exception, MaxInner, ref left);
    }

    /// <summary>
    /// The exception as its own type where this process can make it, else a <see cref="RemoteException"/>; with the remote stack, and
    /// the origin in its data.
    /// </summary>
    /// <param name="failure">What travelled.</param>
    /// <param name="origin">Where it was thrown: <c>process 123 on host</c>.</param>
    internal static Exception ToException(FailureInfo failure, string origin)
    {
        var exception = ToException(failure, MaxInner);
        Try(() => { exception.Data[OriginKey] = origin; return true; }, false);
        return exception;
    }

    private static FailureInfo ToFailure(Exception exception, int innerLeft, ref int left)
    {
        left--;
        var type = exception.GetType();
        var inner = innerLeft > 0 && Try(() => exception.InnerException, null) is { } first ? ToFailure(first, innerLeft - 1, ref left) : null;
        return new FailureInfo(
            type.FullName ?? type.Name,
            type.Assembly.GetName().Name ?? "",
            Bounded(Try(() => exception.Message, "")) ?? "",
            Bounded(Try(() => exception.StackTrace, null)),
            Try(() => DataOf(exception), []),
            inner,
            innerLeft > 0 && exception is AggregateException { InnerExceptions.Count: > 1 } several
                ? MoreInner(several, innerLeft - 1, ref left)
                : default);
    }

    private static ImmutableArray<FailureInfo> MoreInner(AggregateException exception, int innerLeft, ref int left)
    {
        var more = ImmutableArray.CreateBuilder<FailureInfo>();
        foreach (var inner in exception.InnerExceptions.Skip(1))
        {
            if (left <= 0)
                break;
            more.Add(ToFailure(inner, innerLeft, ref left));
        }

        return more.ToImmutable();
    }

    private static ImmutableArray<KeyValuePair<string, string>> DataOf(Exception exception) =>
    [
        .. exception.Data.Cast<DictionaryEntry>()
            .Where(entry => entry.Key is string)
            .Take(MaxData)
            .Select(entry => KeyValuePair.Create(
                Bounded((string)entry.Key)!,
                Bounded(Try(() => Convert.ToString(entry.Value, System.Globalization.CultureInfo.InvariantCulture), null)) ?? "")),
    ];

    private static Exception ToException(FailureInfo failure, int innerLeft)
    {
        var inner = failure.Inner is not null && innerLeft > 0 ? ToException(failure.Inner, innerLeft - 1) : null;
        var more = failure.MoreInner.IsDefaultOrEmpty || innerLeft == 0
            ? []
            : failure.MoreInner.Select(other => ToException(other, innerLeft - 1)).ToArray();
        var exception = Try(() => ExceptionRebuilder.Rebuild(failure, inner, more), null) ?? new RemoteException(failure.Message ?? "", inner)
        {
            RemoteTypeName = failure.TypeName ?? "",
            RemoteStackTrace = failure.StackTrace,
        };
        Try(() => AddData(exception, failure.Data), false);
        Try(() => ExceptionRebuilder.AddStack(exception, failure.StackTrace), false);
        return exception;
    }

    private static bool AddData(Exception exception, ImmutableArray<KeyValuePair<string, string>> data)
    {
        foreach (var (key, value) in data.IsDefault ? [] : data)
        {
            exception.Data[key] = value;
        }

        return true;
    }

    private static string? Bounded(string? text) => text is { Length: > MaxText } ? text[..MaxText] : text;

    // Message, StackTrace and Data can be overridden: what a user's exception does when it is asked must not lose the failure.
    private static T Try<T>(Func<T> get, T otherwise)
    {
#pragma warning disable CA1031 // Any exception at all, for the reason above.
        try
        {
            return get();
        }
        catch (Exception)
        {
            return otherwise;
        }
#pragma warning restore CA1031
    }
}

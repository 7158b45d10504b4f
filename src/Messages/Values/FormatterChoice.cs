using System.Numerics;

namespace Actors.Messages.Values;

/// <summary>
/// Chooses the formatter of a type. Usual types are chosen without reflection, because reflection would delay the first job of a fresh
/// worker.
/// </summary>
public static class FormatterChoice
{
    public static ValueFormatter<T> CreateFormatter<T>()
    {
        if (Items.IsBlock<T>() && typeof(T).IsValueType)
        {
            return new RawFormatter<T>();
        }

        return (ValueFormatter<T>)(CreateUsual(typeof(T)) ?? CreateReflected(typeof(T)));
    }

    /// <summary>Whether the type is accepted without a check of its parts. Does not initialize the tables.</summary>
    public static bool IsUsual(Type type) =>
        (type.IsPrimitive && type != typeof(nint) && type != typeof(nuint)) || CreateUsual(type) is not null;

    private static object? CreateUsual(Type type) =>
        type == typeof(string) ? new StringFormatter()
        : type == typeof(bool) ? new BooleanFormatter()
        : type == typeof(decimal) ? new DecimalFormatter()
        : type == typeof(DateTime) ? new DateTimeFormatter()
        : type == typeof(CancellationToken) ? new CancellationTokenFormatter()
        : type.IsSZArray ? CreateUsualArray(type)
        : type.Namespace == "System" ? CreateUsualSystem(type)
        : type == typeof(BigInteger) ? new BigIntegerFormatter()
        : null;

    private static object? CreateUsualArray(Type type) =>
        type == typeof(byte[]) ? new ArrayFormatter<byte>()
        : type == typeof(int[]) ? new ArrayFormatter<int>()
        : type == typeof(string[]) ? new ArrayFormatter<string>()
        : type == typeof(double[]) ? new ArrayFormatter<double>()
        : type == typeof(long[]) ? new ArrayFormatter<long>()
        : type == typeof(float[]) ? new ArrayFormatter<float>()
        : type == typeof(bool[]) ? new ArrayFormatter<bool>()
        : type == typeof(char[]) ? new ArrayFormatter<char>()
        : null;

    private static object? CreateUsualSystem(Type type) =>
        type == typeof(DateTimeOffset) ? new DateTimeOffsetFormatter()
        : type == typeof(DateOnly) ? new DateOnlyFormatter()
        : type == typeof(TimeOnly) ? new TimeOnlyFormatter()
        : type == typeof(Uri) ? new UriFormatter()
        : type == typeof(Version) ? new VersionFormatter()
        : null;

    private static object CreateReflected(Type type) =>
        Activator.CreateInstance(TypePlan.ForType(type).Formatter ?? typeof(RefusedFormatter<>).MakeGenericType(type), nonPublic: true)!;
}

using Actors.Objects.Queues;
using CsCheck;

namespace Actors.Client.Tests.Objects;

public sealed class OrderedBytesTests
{
    [Fact]
    public void EncodeOrdered_Values_SortLikeTheirBytes()
    {
        Check(Gen.Int);
        Check(Gen.ULong);
        Check(Gen.Double.Special);
        Check(Gen.Bool);
        Check(Gen.Enum<DayOfWeek>());
        Check(Gen.DateTime);
        Check(Gen.TimeSpan);
        Check(Gen.Guid);
        Check(Gen.Select(Gen.Short[-2, 2], Gen.Byte[0, 2]));
        Check(Gen.Char['\0', '\u0002'].Array[0, 3].Select(all => new string(all)), StringComparer.Ordinal);
        Check(
            Gen.Select(Gen.Char['\0', '\u0002'].Array[0, 2].Select(all => new string(all)), Gen.Int[-1, 1]),
            Comparer<(string Text, int Number)>.Create((left, right) =>
                string.CompareOrdinal(left.Text, right.Text) is not 0 and var order ? order : left.Number.CompareTo(right.Number)));
    }

    [Theory]
    [InlineData(typeof(object))]
    [InlineData(typeof(decimal))]
    [InlineData(typeof((int, Version)))]
    public void RequireOrdered_TypeWithOwnComparison_Throws(Type type) =>
        Assert.Throws<ArgumentException>(() => OrderedBytes.RequireOrdered(type));

    private static void Check<T>(Gen<T> values, IComparer<T>? comparer = null) => Gen.Select(values, values).Sample((left, right) =>
        Assert.Equal(
            Math.Sign((comparer ?? Comparer<T>.Default).Compare(left, right)),
            Math.Sign(OrderedBytes.EncodeOrdered(left).AsSpan().SequenceCompareTo(OrderedBytes.EncodeOrdered(right)))), iter: 500);
}

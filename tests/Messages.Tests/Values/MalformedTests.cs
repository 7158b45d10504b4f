using System.Collections.Immutable;
using System.Numerics;
using Actors.Messages.Values;

namespace Actors.Messages.Tests.Values;

public class MalformedTests
{
    [Fact]
    public void MutatedBytes_GiveAValueOrInvalidData_NothingElse()
    {
        var random = new Random(20240229);
        Mutate(random,
            new Employee("Ada", "s", "Co") { Age = 36, Children = { new Person("B", "t") }, Accounts = { ["x"] = 1.5m, ["y"] = 2 } });
        Mutate(random, new Dictionary<string, List<string?>> { ["a"] = ["b", null], ["日本"] = [] });
        Mutate(random, new[,] { { 1.5m, 2 }, { 3, 4 } });
        Mutate(random, (
            new DateTime(2024, 1, 1), new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero), new Uri("http://a"), new BigInteger(5)));
        Mutate(random, ImmutableSortedDictionary<Color, Measure?>.Empty.Add(Color.Red, new Measure { Unit = "m" }));
        Mutate(random, new HasPacked(new Packed(1, "b"), 7));
        Mutate(random, new[] { new Empty(), default });
        Mutate(random, (DateOnly.MinValue, TimeOnly.MinValue, new Version(1, 2), 'x'));
    }

    [Fact]
    public void AnnouncedLength_BeyondTheBytes_AllocatesNothing()
    {
        var bytes = new byte[] { 0xff, 0xff, 0xff, 0xff, 0x07 };
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => ValueSerializer.ReadValue<int[]>(bytes));
        Assert.Throws<InvalidDataException>(() => ValueSerializer.ReadValue<List<string>>(bytes));
        Assert.Throws<InvalidDataException>(() => ValueSerializer.ReadValue<string>(bytes));
        Assert.Throws<InvalidDataException>(() => ValueSerializer.ReadValue<Empty[]>(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void BytesLeftOver_AreInvalid() => Assert.Throws<InvalidDataException>(() => ValueSerializer.ReadValue<int>(new byte[5]));

    [Fact]
    public void DeepNesting_IsInvalid()
    {
        var bytes = Enumerable.Repeat(new byte[] { 1, 0, 0, 0, 0 }, 100_000).SelectMany(part => part).ToArray();
        Assert.Throws<InvalidDataException>(() => ValueSerializer.ReadValue<Node>(bytes));
    }

    private static void Mutate<T>(Random random, T value)
    {
        var original = ValueSerializer.ToBytes(value).ToArray();
        for (var i = 0; i < 2000; i++)
        {
            var bytes = original[..random.Next(original.Length / 2, original.Length + 1)];
            for (var change = random.Next(1, 4); change > 0 && bytes.Length > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            if (Record.Exception(() => ValueSerializer.ReadValue<T>(bytes)) is { } exception)
            {
                Assert.IsType<InvalidDataException>(exception);
            }
        }
    }
}

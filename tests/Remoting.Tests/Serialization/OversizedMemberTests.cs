using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Serialization;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Objects;
using Actors.Messages.Pools;
using Actors.Remoting.Serialization;
using Actors.Testing;
using Akka.Actor;
using MemoryPack;

namespace Actors.Remoting.Tests.Serialization;

/// <summary>A message with any member that is too large is cut, or its sender learns that it was discarded.</summary>
public sealed class OversizedMemberTests(OversizedMemberTests.Host host) : IClassFixture<OversizedMemberTests.Host>
{
    /// <summary>A little more than a message may have, so that the other members of the sample cannot decide.</summary>
    private const int TooLarge = WireLimits.LargestMessage + (64 << 10);

    private static readonly string LargeText = new('x', TooLarge);
    private static readonly ReadOnlyMemory<byte> LargeBytes = new byte[TooLarge];

    public static IEnumerable<object[]> Members =>
        WireManifests.Types.SelectMany(type => ConstructorOf(type).GetParameters()
            .Select(parameter => new object[] { type.FullName!, parameter.Name! }));

    [Theory]
    [MemberData(nameof(Members))]
    public void Serialize_AnyMemberTooLarge_IsCutOrReported(string contract, string member)
    {
        var type = typeof(IWireMessage).Assembly.GetType(contract)!;
        var message = Inflated(Samples.Of(type), member);
        if (message is null)
            return;
        var exception = Record.Exception(() =>
        {
            var bytes = host.Serializer.ToBinary(message);
            Assert.Equal(message is IStoredRecord, bytes.Length > WireLimits.LargestMessage);
            Assert.IsType(type, host.Serializer.FromBinary(bytes, host.Serializer.Manifest(message)));
        });
        if (exception is null)
            return;
        Assert.Contains("12 MiB", Assert.IsType<SerializationException>(exception).Message, StringComparison.Ordinal);
        Assert.Same(message, host.NextDiscarded());
        Assert.False(IsAnswer(type), $"{contract} answers a caller, which would wait forever.");
    }

    private static bool IsAnswer(Type type) => new[]
    {
        typeof(NodeProtocol.JobsDone), typeof(PoolProtocol.JobsEnded), typeof(PoolProtocol.PoolFailed), typeof(PoolProtocol.PoolRefused),
            typeof(NodeProtocol.ExecutorExited),
        typeof(PoolProtocol.WorkerEnded), typeof(ObjectReply), typeof(DurableObjectProtocol.DurableObjectReply),
            typeof(PoolProtocol.PoolInterrupted),
    }.Contains(type);

    private static ConstructorInfo ConstructorOf(Type type) => type.GetConstructors()
        .Where(made => made.GetParameters() is not [{ } only] || only.ParameterType != type).MaxBy(made => made.GetParameters().Length)!;

    private static object? Inflated(object sample, string? member)
    {
        var constructor = ConstructorOf(sample.GetType());
        if (constructor.GetParameters().Any(parameter => sample.GetType().GetProperty(parameter.Name!) is null))
            return null;
        var arguments = constructor.GetParameters().Select(parameter => sample.GetType().GetProperty(parameter.Name!)!.GetValue(sample))
            .ToArray();
        for (var i = 0; i < arguments.Length; i++)
        {
            if ((member is null || constructor.GetParameters()[i].Name == member) && InflatedValue(arguments[i]) is { } inflated)
            {
                arguments[i] = inflated;
                return constructor.Invoke(arguments);
            }
        }

        return null;
    }

    private static object? InflatedValue(object? value) => value switch
    {
        null => null,
        string => LargeText,
        ReadOnlyMemory<byte> => LargeBytes,
        _ when value.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) =>
            typeof(OversizedMemberTests).GetMethod(nameof(InflatedArray), BindingFlags.Static | BindingFlags.NonPublic)!
                .MakeGenericMethod(type.GetGenericArguments()).Invoke(null, [value]),
        _ when value.GetType() is { IsPrimitive: false, IsEnum: false } type && type != typeof(Guid) && type.GetConstructors().Length > 0 =>
            Inflated(value, null),
        _ => null,
    };

    private static object? InflatedArray<T>(ImmutableArray<T> items) => InflatedValue(items[0]) is T inflated
        ? ImmutableArray.Create(inflated)
        : ImmutableArray.CreateRange(Enumerable.Repeat(items[0], (TooLarge / MemoryPackSerializer.Serialize(items[0]).Length) + 1));

    /// <summary>The actor system of all cases: starting one takes longer than serializing a large message.</summary>
    public sealed class Host : IAsyncLifetime
    {
        private readonly BlockingCollection<MessageDiscarded> _discarded = [];
        private readonly ActorSystem _system = ActorSystem.Create("oversized", RoleConfiguration.CreateClient());

        internal WireSerializer Serializer { get; private set; } = null!;

        public Task InitializeAsync()
        {
            Serializer = new WireSerializer((ExtendedActorSystem)_system);
            var listener = _system.ActorOf(Props.Create(() => new Listener(_discarded)));
            _system.EventStream.Subscribe(listener, typeof(MessageDiscarded));
            return Task.CompletedTask;
        }

        public Task DisposeAsync() => _system.Terminate();

        internal object NextDiscarded() =>
            _discarded.TryTake(out var discarded, TimeSpan.FromSeconds(10)) ? discarded.Message
                : throw new TimeoutException("Nothing was discarded.");
    }

    private sealed class Listener : ReceiveActor
    {
        public Listener(BlockingCollection<MessageDiscarded> discarded) => Receive<MessageDiscarded>(discarded.Add);
    }
}

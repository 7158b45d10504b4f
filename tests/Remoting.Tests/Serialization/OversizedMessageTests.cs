using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Serialization;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Objects;
using Actors.Messages.Pools;
using Actors.Remoting.Serialization;
using Actors.Testing;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Remoting.Tests.Serialization;

/// <summary>No message between actor systems is dropped without a word, whichever of its members is too large.</summary>
public sealed class OversizedMessageTests : PatientTestKit
{
    private readonly WireSerializer _serializer;

    public OversizedMessageTests()
        : base(RoleConfiguration.Client())
    {
        _serializer = new WireSerializer((ExtendedActorSystem)Sys);
        Sys.EventStream.Subscribe(TestActor, typeof(MessageDiscarded));
    }

    public static IEnumerable<object[]> Members =>
        WireManifests.Types.SelectMany(type => ConstructorOf(type).GetParameters().Select(parameter => new object[] { type.FullName!, parameter.Name! }));

    [Theory]
    [MemberData(nameof(Members))]
    public void AnyContract_WithAnyMemberTooLarge_IsCut_OrItsSenderLearnsOfIt(string contract, string member)
    {
        var type = typeof(IWireMessage).Assembly.GetType(contract)!;
        var message = Inflated(Samples.Of(type), member);
        if (message is null)
            return;
        var exception = Record.Exception(() =>
        {
            var bytes = _serializer.ToBinary(message);
            Assert.Equal(message is IStoredRecord, bytes.Length > WireLimits.LargestMessage);
            Assert.IsType(type, _serializer.FromBinary(bytes, _serializer.Manifest(message)));
        });
        if (exception is null)
            return;
        Assert.Contains("12 MiB", Assert.IsType<SerializationException>(exception).Message, StringComparison.Ordinal);
        Assert.Same(message, ExpectMsg<MessageDiscarded>().Message);
        Assert.False(IsAnswer(type), $"{contract} answers a caller, which would wait forever.");
    }

    [Fact]
    public void Done_WithAHugeFailureAndAHugeResult_TellsOfBoth()
    {
        var failure = FailureInfo.Of("T", "m") with { MoreInner = [.. Enumerable.Repeat(FailureInfo.Of("T", new string('x', 1 << 20)), 30)] };
        var done = new NodeProtocol.Done(default, [Outcome(1, null, 18 << 20), Outcome(2, failure, 0), Outcome(3, null, 10)], 5);

        var arrived = RoundTrip(done);

        Assert.Equal([JobStatus.Refused, JobStatus.Threw, JobStatus.Succeeded], arrived.Outcomes.Select(outcome => outcome.Status));
        Assert.Contains(nameof(PayloadTooLargeException), arrived.Outcomes[0].Failure!.TypeName, StringComparison.Ordinal);
        Assert.Contains("more characters were cut]", arrived.Outcomes[1].Failure!.MoreInner[29].Message, StringComparison.Ordinal);
        Assert.Equal(10, arrived.Outcomes[2].Payload.Length);
    }

    [Fact]
    public void ExecutorExited_WithAHugeFailure_ArrivesCut()
    {
        var failure = FailureInfo.Of("T", new string('x', 20 << 20));
        var exited = new NodeProtocol.ExecutorExited(default, default, "n", 1, new ExecutorExit(ExecutorExitReason.InitializerThrew, 1, ""), default, default, failure);

        Assert.EndsWith("more characters were cut]", RoundTrip(exited).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void HugeAnswer_OverARealConnection_ArrivesAsARefusal()
    {
        using var peer = ActorSystem.Create("peer", RoleConfiguration.Client());
        var address = ((ExtendedActorSystem)Sys).Provider.DefaultAddress;
        var here = ((ExtendedActorSystem)peer).Provider.ResolveActorRef(TestActor.Path.ToStringWithAddress(address));
        var discarded = new TestProbe(peer, Assertions);
        peer.EventStream.Subscribe(discarded, typeof(MessageDiscarded));

        here.Tell(new ObjectReply(7, ObjectStatus.Ok, 1, [new byte[20 << 20]]));

        var reply = ExpectMsg<ObjectReply>(TimeSpan.FromSeconds(30));
        Assert.Equal((7, ObjectStatus.TooLarge, true), (reply.Call, reply.Status, reply.Number > 20 << 20));

        var call = new ObjectCall(default, 8, ObjectOperation.Put, 0, 0, [new byte[20 << 20]]);
        here.Tell(call);

        Assert.Same(call, discarded.ExpectMsg<MessageDiscarded>(TimeSpan.FromSeconds(30)).Message);
        peer.Terminate();
    }

    private T RoundTrip<T>(T message)
        where T : IWireMessage =>
        (T)_serializer.FromBinary(_serializer.ToBinary(message), _serializer.Manifest(message));

    private static JobOutcome Outcome(long job, FailureInfo? failure, int length) =>
        new(new JobId(job), failure is null ? JobStatus.Succeeded : JobStatus.Threw, new byte[length], failure, 1);

    private static bool IsAnswer(Type type) => new[]
    {
        typeof(NodeProtocol.Done), typeof(PoolProtocol.Ended), typeof(PoolProtocol.Failed), typeof(PoolProtocol.Refused), typeof(NodeProtocol.ExecutorExited),
        typeof(PoolProtocol.ExecutorEnded), typeof(ObjectReply), typeof(DurableObjectProtocol.Answer), typeof(PoolProtocol.Interrupted),
    }.Contains(type);

    private static ConstructorInfo ConstructorOf(Type type) => type.GetConstructors()
        .Where(made => made.GetParameters() is not [{ } only] || only.ParameterType != type).MaxBy(made => made.GetParameters().Length)!;

    private static object? Inflated(object sample, string? member)
    {
        var constructor = ConstructorOf(sample.GetType());
        if (constructor.GetParameters().Any(parameter => sample.GetType().GetProperty(parameter.Name!) is null))
            return null;
        var arguments = constructor.GetParameters().Select(parameter => sample.GetType().GetProperty(parameter.Name!)!.GetValue(sample)).ToArray();
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
        string => new string('x', 17 << 20),
        ReadOnlyMemory<byte> => new ReadOnlyMemory<byte>(new byte[17 << 20]),
        _ when value.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) =>
            typeof(OversizedMessageTests).GetMethod(nameof(InflatedArray), BindingFlags.Static | BindingFlags.NonPublic)!
                .MakeGenericMethod(type.GetGenericArguments()).Invoke(null, [value]),
        _ when value.GetType() is { IsPrimitive: false, IsEnum: false } type && type != typeof(Guid) && type.GetConstructors().Length > 0 => Inflated(value, null),
        _ => null,
    };

    private static object? InflatedArray<T>(ImmutableArray<T> items) => InflatedValue(items[0]) is T inflated
        ? ImmutableArray.Create(inflated)
        : ImmutableArray.CreateRange(Enumerable.Repeat(items[0], (17 << 20) / 8));
}

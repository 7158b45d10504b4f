using Actors.Messages.Delivery;
using CsCheck;

namespace Actors.Client.Tests.Delivery;

public sealed class MessageSequenceTests
{
    private static readonly Gen<(int Kind, int Argument)[]> Schedules = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 100]).Array[0, 150];

    /// <summary>Each step sends a message, loses one, repeats one, or repeats unacknowledged ones.</summary>
    [Fact]
    public void Messages_LostRepeatedOrLate_AreHandledOnceInOrder() => Schedules.Sample(steps =>
    {
        var (sender, receiver) = (new UnacknowledgedMessages<long>(), new MessageSequence<long>());
        var (wire, taken) = (new List<long>(), new List<long>());
        void Take(int at)
        {
            var number = wire[at];
            wire.RemoveAt(at);
            if (!receiver.TryAccept(number, number))
                return;
            taken.Add(number);
            while (receiver.TryAcceptEarly(out var early))
                taken.Add(early);
        }

        foreach (var (kind, argument) in steps)
        {
            switch (kind)
            {
                case 0 or 1: sender.Add(sender.Last + 1); wire.Add(sender.Last); break;
                case 2 when wire.Count > 0: wire.RemoveAt(argument % wire.Count); break;
                case 3 when wire.Count > 0: wire.Add(wire[argument % wire.Count]); break;
                case 4 when wire.Count > 0: Take(argument % wire.Count); break;
                case 5: sender.Acknowledge(receiver.Last); wire.AddRange(sender.All); break;
            }
        }

        wire.AddRange(sender.All);
        while (wire.Count > 0)
            Take(0);
        Assert.Equal(Enumerable.Range(1, (int)sender.Last).Select(number => (long)number), taken);
        Assert.False(receiver.HasGap);
    });

    [Fact]
    public void Acknowledge_OldNumber_ForgetsNothing()
    {
        var sender = new UnacknowledgedMessages<string>();
        foreach (var message in new[] { "a", "b", "c" })
            sender.Add(message);
        sender.Acknowledge(2);
        sender.Acknowledge(1);
        Assert.Equal(["c"], sender.All);
        Assert.Equal((3, 2), (sender.Last, sender.Acknowledged));
    }
}

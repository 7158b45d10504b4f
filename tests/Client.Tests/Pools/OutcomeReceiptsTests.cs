using System.Collections.Immutable;
using Actors.Messages;
using Actors.Pools;
using CsCheck;

namespace Actors.Client.Tests.Pools;

/// <summary>Received outcomes are acknowledged once, and others never.</summary>
public sealed class OutcomeReceiptsTests
{
    private static readonly Gen<(int Kind, int Argument)[]> Schedules = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 1000]).Array[0, 150];

    /// <summary>The code that awaits the outcome may not have run when it arrives.</summary>
    [Fact]
    public void TakeDue_ReceivedSinceTheLastCall_WaitsForTheNext()
    {
        var receipts = new OutcomeReceipts();
        receipts.AddReceived(new JobId(1));

        Assert.Empty(receipts.TakeDue());
        receipts.AddReceived(new JobId(2));
        Assert.Equal([new JobId(1)], receipts.TakeDue().ToArray());
        Assert.Equal([new JobId(2)], receipts.TakeReceived().ToArray());
        Assert.False(receipts.HasReceived);
    }

    [Fact]
    public void TakeReceived_UnreceivedOutcome_IsNotAmongThem()
    {
        var receipts = new OutcomeReceipts();
        receipts.AddUnreceived(new JobId(1));
        receipts.AddUnreceived(new JobId(2));
        receipts.MarkReceived(new JobId(2));
        receipts.MarkReceived(new JobId(2));

        Assert.Equal([new JobId(2)], receipts.TakeReceived().ToArray());
        Assert.False(receipts.IsEmpty);
        receipts.MarkReceived(new JobId(1));
        Assert.Equal([new JobId(1)], receipts.TakeReceived().ToArray());
        Assert.True(receipts.IsEmpty);
    }

    /// <summary>
    /// Jobs end, code receives outcomes, acknowledgments are sent, written or lost, the coordinator and the client are lost. The pool
    /// forgets no outcome that no code has received, and in the end each that was.
    /// </summary>
    [Fact]
    public void Acknowledgments_AnySchedule_LoseNoUnreceivedOutcome() => Schedules.Sample(steps =>
    {
        var world = new World();
        foreach (var (kind, argument) in steps)
            world.Run(kind, argument);
        world.Complete();
    });

    private sealed class World
    {
        private readonly HashSet<long> _retained = [];
        private readonly HashSet<long> _received = [];
        private readonly List<JobId> _unwritten = [];
        private readonly HashSet<long> _arrived = [];
        private UnwrittenAcks _acks = new();
        private OutcomeReceipts _receipts = new();
        private long _last;

        public void Run(int kind, int argument)
        {
            switch (kind)
            {
                case < 2: EndJob(isRequested: argument % 2 == 0); break;
                case < 5: Receive(argument); break;
                case 5: Send(_receipts.TakeDue()); break;
                case 6: SubmitAndWrite(); break;
                case 7: LoseCoordinator(); break;
                case 8: LoseClient(); break;
                default: Attach(argument); break;
            }

            Assert.All(Enumerable.Range(1, (int)_last).Where(job => !_retained.Contains(job)), job => Assert.Contains(job, _received));
        }

        /// <summary>All outcomes are attached to and received: the pool forgets all of them.</summary>
        public void Complete()
        {
            foreach (var job in _retained.ToArray())
                Attach((int)job);
            foreach (var job in _arrived.ToArray())
                Receive((int)job);
            Send(_receipts.TakeReceived());
            SubmitAndWrite();
            Assert.Empty(_retained);
            Assert.Empty(_acks.Jobs);
            Assert.False(_receipts.HasReceived);
        }

        private void EndJob(bool isRequested)
        {
            _retained.Add(++_last);
            Arrive(_last, isRequested);
        }

        private void Arrive(long job, bool isRequested)
        {
            if (isRequested)
            {
                _received.Add(job);
                _receipts.AddReceived(new JobId(job));
            }
            else
            {
                _arrived.Add(job);
                _receipts.AddUnreceived(new JobId(job));
            }
        }

        /// <summary>Another handle attaches to a job. The pool sends the outcome if it has it.</summary>
        private void Attach(int argument)
        {
            var job = argument > _last ? 0 : argument;
            if (_retained.Contains(job))
                Arrive(job, isRequested: false);
        }

        private void Receive(int argument)
        {
            if (_arrived.Count == 0)
                return;
            var job = _arrived.Contains(argument) ? argument : _arrived.ElementAt(argument % _arrived.Count);
            _arrived.Remove(job);
            _received.Add(job);
            _receipts.MarkReceived(new JobId(job));
        }

        private void Send(ImmutableArray<JobId> acks)
        {
            _acks.AddJobs(acks);
            _unwritten.AddRange(acks);
        }

        private void SubmitAndWrite()
        {
            _acks.OnSubmitted();
            _retained.ExceptWith(_unwritten.Select(job => job.Value));
            _unwritten.Clear();
            _acks.OnAccepted();
        }

        /// <summary>Acknowledgments that were not written are lost with the coordinator, and sent again.</summary>
        private void LoseCoordinator()
        {
            _unwritten.Clear();
            _acks.OnLost();
            _unwritten.AddRange(_acks.Jobs);
        }

        /// <summary>The program crashes. Outcomes that it has not received stay in the pool.</summary>
        private void LoseClient()
        {
            (_acks, _receipts) = (new UnwrittenAcks(), new OutcomeReceipts());
            _arrived.Clear();
        }
    }
}

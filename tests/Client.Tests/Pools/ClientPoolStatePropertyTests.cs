using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Pools;
using CsCheck;

namespace Actors.Client.Tests.Pools;

/// <summary>
/// A client submits, cancels, closes and terminates, messages in both directions are lost, and so is the coordinator. Against
/// <see cref="ModelPool"/> each job ends once, and the session ends.
/// </summary>
public sealed class ClientPoolStatePropertyTests
{
    private const int MaxRounds = 200;

    private static readonly FunctionRef Function = new("F", new byte[] { 1 });
    private static readonly Gen<(int Kind, int Argument)[]> Schedules = Gen.Select(Gen.Int[0, 23], Gen.Int[0, 1000]).Array[0, 200];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Session_AnyScheduleOfRequestsAndLosses_EndsEachJobOnceAndEnds(bool isDurable) => Schedules.Sample(
        steps =>
        {
            var world = new World(isDurable);
            foreach (var (kind, argument) in steps)
                world.Run(kind, argument);
            world.Complete();
        },
        iter: 500);

    private sealed class World
    {
        private readonly ClientPoolState _state;
        private readonly ModelPool _pool;
        private readonly Queue<IWireMessage> _sent = new();
        private readonly Dictionary<JobId, ModelJob> _jobs = [];
        private bool _isFinishDue;
        private bool _isTerminated;
        private bool _hasDetached;

        public World(bool isDurable)
        {
            _pool = new ModelPool(isDurable);
            _state = new ClientPoolState(
                new ClientPoolRules { Name = "pool", IsDurable = isDurable, IsRemote = true, CanReopen = true });
            Open();
        }

        private bool IsDurable => _pool.IsDurable;

        public void Run(int kind, int argument)
        {
            if (_state.HasEnded)
                return;
            switch (kind)
            {
                case < 5: Submit(argument); break;
                case < 9: DeliverToPool(); break;
                case < 13: DeliverToClient(); break;
                case < 16: _pool.EndJob(argument); break;
                case 16: _sent.TryDequeue(out _); break;
                case 17: _pool.Sent.TryDequeue(out _); break;
                case 18: Tick(); break;
                case 19: Cancel(argument); break;
                case 20 when _state.IsConnected && FindJob(argument) is { } job: _state.WithdrawJob(job.Id); break;
                case 21 when FindJob(argument) is { } job: _state.RequestAcceptance(job); break;
                case 22 when _state.IsConnected: LoseCoordinator(); break;
                case 22: Open(); break;
                case 23 when argument < 60: _state.Close(cancelPending: argument < 20); break;
                case 23 when argument < 90: Terminate(); break;
            }

            AfterStep();
        }

        /// <summary>
        /// Nothing is lost any more, and the program closes the pool: each job ends, and so does the session. Canceled jobs run until the
        /// pool knows of their cancellation.
        /// </summary>
        public void Complete()
        {
            for (var round = 0; !_state.HasEnded; round++)
            {
                Assert.True(round < MaxRounds, "The session does not end.");
                if (!_state.IsConnected)
                    Open();
                _state.Close(cancelPending: false);
                AfterStep();
                DeliverAll();
                _pool.EndJobs(runsUntilCanceled: job => _jobs.TryGetValue(job, out var own) && own.IsCanceled);
                DeliverAll();
                Tick();
                AfterStep();
                DetachWhenFinished();
            }

            Assert.Equal(0, _state.PendingJobs);
            Assert.All(_jobs.Values, static job => Assert.True(job.HasEnded));
        }

        private void Submit(int argument)
        {
            if (_state.FindRefusal() is not null)
                return;
            var job = new ModelJob();
            var spec = _state.AddJob(job, Function, default, argument % 3 == 0 ? JobPolicy.Once : new JobPolicy(0, 3));
            _jobs.Add(job.Id, job);
            _state.SendJob(spec);
        }

        private ModelJob? FindJob(int argument) => _state.FindJob(new JobId(1 + (argument % (_jobs.Count + 1)))) as ModelJob;

        private void Cancel(int argument)
        {
            if (FindJob(argument) is { } job)
                _state.CancelJob(job);
        }

        private void Terminate()
        {
            _isTerminated = true;
            EndAll(_state.BeginTermination());
            _state.RequestTermination();
            if (_state.EndsWithoutPool)
                EndAll(_state.EndSession().Jobs);
        }

        private void LoseCoordinator()
        {
            if (_state.OnLost(isCurrent: true, withCoordinator: true) == PoolLossResponse.Fail)
            {
                Assert.True(_isTerminated || _hasDetached);
                EndAll(_state.EndWithLoss(new CoordinatorLostException("The coordinator was lost.")));
            }

            Assert.False(_state.IsConnected);
        }

        private void Open()
        {
            _sent.Clear();
            foreach (var job in _state.OnOpened(_pool.Open()))
            {
                Assert.True(!IsDurable && job.Spec!.Policy.IsAtMostOnce);
                EndAll([job]);
            }

            AfterStep();
        }

        private void Tick()
        {
            if (_state.IsConnected && _state.IsComparing)
                _state.OnCompareTick();
        }

        private void DeliverAll()
        {
            while (_sent.Count + _pool.Sent.Count > 0 && !_state.HasEnded)
            {
                DeliverToPool();
                DeliverToClient();
                AfterStep();
            }
        }

        private void DeliverToPool()
        {
            if (_state.IsConnected && _sent.TryDequeue(out var message))
                _pool.Receive(message);
        }

        private void DeliverToClient()
        {
            if (!_state.IsConnected || !_pool.Sent.TryDequeue(out var message))
                return;
            List<EndedJob> ended = [];
            switch (message)
            {
                case PoolProtocol.JobsAccepted accepted: _state.OnAccepted(accepted.Number); break;
                case PoolProtocol.JobsEnded jobs: _state.OnJobsEnded(jobs, ended); break;
                case PoolProtocol.ComparePoolReply reply: _state.OnCompared(reply); break;
                case PoolProtocol.PoolFinished finished: _state.OnFinished(finished); break;
            }

            EndAll(ended.Select(static end => end.Job).OfType<PendingJob>());
        }

        private void AfterStep()
        {
            TakeEffects();
            if (_isFinishDue && _state.HasFinished)
            {
                var (_, jobs) = _state.FinishSession();
                Assert.True(_isTerminated || _hasDetached || jobs.Count == 0);
                EndAll(jobs);
                TakeEffects();
            }

            _isFinishDue = false;
            Assert.Equal(_jobs.Values.Count(static job => !job.HasEnded), _state.PendingJobs);
            Assert.All(_jobs.Values.Where(static job => job.IsAccepted), job => Assert.True(_pool.WasAccepted(job.Id)));
        }

        private void TakeEffects()
        {
            while (_state.TryTakeEffect(out var effect))
            {
                switch (effect)
                {
                    case ClientPoolEffect.SendMessage send: _sent.Enqueue(send.Message); break;
                    case ClientPoolEffect.FinishSession: _isFinishDue = true; break;
                    case ClientPoolEffect.EndJobs end: EndLocally(end.Outcomes); break;
                }
            }
        }

        private void DetachWhenFinished()
        {
            if (!_state.HasFinished || _state.HasEnded || _hasDetached)
                return;
            _hasDetached = true;
            _state.Detach();
            AfterStep();
        }

        private void EndLocally(ImmutableArray<JobOutcome> outcomes)
        {
            List<EndedJob> ended = [];
            _state.TakeEnded(outcomes, ended);
            EndAll(ended.Select(static end => end.Job).OfType<PendingJob>());
        }

        private static void EndAll(IEnumerable<PendingJob> jobs)
        {
            foreach (var job in jobs)
            {
                Assert.False(((ModelJob)job).HasEnded, $"Job {job.Id} has ended twice.");
                ((ModelJob)job).HasEnded = true;
            }
        }
    }

    private sealed class ModelJob : PendingJob
    {
        public bool HasEnded { get; set; }

        public override Exception? Complete(JobOutcome outcome) => null;

        public override void Fail(Exception exception)
        {
        }
    }
}

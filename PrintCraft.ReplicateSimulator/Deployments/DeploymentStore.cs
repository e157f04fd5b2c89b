namespace PrintCraft.ReplicateSimulator.Deployments;

/// <summary>The account's deployments, in memory, newest first. No more than a page of them, so that the list needs no cursor.</summary>
internal sealed class DeploymentStore
{
    public const int Max = 100;

    private readonly Lock _gate = new();
    private readonly List<Deployment> _all = [];

    public Deployment[] All()
    {
        lock (_gate)
        {
            return [.. _all];
        }
    }

    public Deployment? Find(string owner, string name)
    {
        lock (_gate)
        {
            return _all.Find(deployment => deployment.Owner == owner && deployment.Name == name);
        }
    }

    /// <summary>False when the name is taken, or the account full.</summary>
    public bool Add(Deployment deployment)
    {
        lock (_gate)
        {
            if (_all.Count >= Max || _all.Exists(other => other.Name == deployment.Name))
            {
                return false;
            }

            _all.Insert(0, deployment);
            return true;
        }
    }

    /// <summary>The deployment after the change; null when there is none.</summary>
    public Deployment? Change(string owner, string name, Func<Release, Release> change)
    {
        lock (_gate)
        {
            var at = _all.FindIndex(deployment => deployment.Owner == owner && deployment.Name == name);
            return at < 0 ? null : _all[at] = _all[at] with { CurrentRelease = change(_all[at].CurrentRelease) };
        }
    }

    public bool Remove(string owner, string name)
    {
        lock (_gate)
        {
            return _all.RemoveAll(deployment => deployment.Owner == owner && deployment.Name == name) > 0;
        }
    }
}
